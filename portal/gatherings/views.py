"""Collective sessions of a programme: the list, one of them, and the forms."""

from typing import Any

from flask import Blueprint, Response, url_for

from portal.calendars.invitation import FILE, invite
from portal.gatherings import commands, policy, queries, words
from portal.gatherings.dates import entry_of
from portal.gatherings.forms import (
    AttendanceForm,
    Counted,
    GatheringForm,
    NewGatheringForm,
    SatisfactionForm,
    attendance_form,
)
from portal.gatherings.models import Gathering
from portal.kernel import clock
from portal.kernel.access import require
from portal.kernel.errors import NotFound
from portal.kernel.text import gettext as _
from portal.programmes.models import Programme
from portal.projects.workplace import Trail
from portal.web.actor import current_actor as actor
from portal.web.formpage import FormPage, ask, asked_page, fresh
from portal.web.render import render, see

bp = Blueprint("gatherings", __name__)
OF_PROGRAMME = "/programmes/<slug>/gatherings"
ONE = f"{OF_PROGRAMME}/<int(max=9999):number>"
A_LINE = 3  # teams whose numbers share a line


@bp.get("/gatherings")
def choose() -> Response:
    """Of which programme; straight there for who has one. Raises `NotFound` for who has none."""
    around = queries.list_programmes(actor)
    if not around:
        raise NotFound
    if len(around) == 1:
        return see(".index", slug=around[0].programme.slug)
    return render("gatherings/programmes.html", around=around)


@bp.get(OF_PROGRAMME)
def index(slug: str) -> Response:
    programme = queries.get_programme(actor, slug)
    return render(
        "gatherings/index.html",
        fragment="list",
        programme=programme,
        found=queries.list_gatherings(programme, asked_page()),
        page_url=lambda number: url_for(".index", slug=slug, page=number),
        can_organise=policy.can_organise(actor, programme),
        today=clock.today(),
        words=words,
    )


@bp.get(ONE)
def page(slug: str, number: int) -> Response:
    programme = queries.get_programme(actor, slug)
    row = queries.get_gathering(programme, number)
    organises = policy.can_organise(actor, programme)
    answered = queries.has_answered(actor, row)
    return render(
        "gatherings/page.html",
        programme=programme,
        row=row,
        author=queries.name_author(row),
        can_organise=organises,
        answered=answered,
        can_answer=policy.can_answer(
            row,
            clock.today(),
            is_on_a_team=queries.is_on_a_team(actor, programme),
            has_answered=answered,
        ),
        came=queries.read_attendance(row) if organises else {},
        teams=queries.list_teams(programme) if organises else (),
        satisfaction=queries.read_satisfaction(row) if organises else None,
        today=clock.today(),
        words=words,
    )


@bp.get(ONE + FILE)
def invitation(slug: str, number: int) -> Response:
    programme = queries.get_programme(actor, slug)
    return invite([entry_of(programme, queries.get_gathering(programme, number))])


def _open(slug: str) -> Programme:
    programme = queries.get_programme(actor, slug)
    require(policy.can_organise(actor, programme), commands.only_organisers())
    return programme


def _trail(programme: Programme, row: Gathering | None = None) -> Trail:
    steps = [
        (programme.name, url_for("programmes.page", slug=programme.slug)),
        (_("Séances collectives"), url_for(".index", slug=programme.slug)),
    ]
    if row is not None:
        steps.append((row.title, _path(programme, row)))
    return steps


def _path(programme: Programme, row: Gathering) -> str:
    return url_for(".page", slug=programme.slug, number=row.number)


@bp.route(f"{OF_PROGRAMME}/new", methods=["GET", "POST"])
def add(slug: str) -> Response:
    programme = _open(slug)
    form = fresh(NewGatheringForm)
    asked = FormPage(
        title=_("Annoncer une séance collective"),
        trail=_trail(programme),
        step=_("Annoncer"),
        yes=_("Annoncer"),
        beside=(("held_on", "place"),),
        advice=(_("Toutes les équipes du programme la voient sur la page de leur projet."),),
    )

    def act(_values: dict[str, Any]) -> Gathering:
        return commands.announce(actor, programme, form.facts())

    def done(row: Gathering) -> tuple[str, str]:
        return _("Séance collective annoncée."), _path(programme, row)

    return ask(asked, form, act, done)


@bp.route(f"{ONE}/edit", methods=["GET", "POST"])
def change(slug: str, number: int) -> Response:
    programme = _open(slug)
    row = queries.get_gathering(programme, number)
    form = fresh(GatheringForm, obj=row)
    asked = FormPage(
        title=_("Modifier la séance collective"),
        lead=row.title,
        trail=_trail(programme, row),
        step=_("Modifier"),
        beside=(("held_on", "place"),),
    )

    def act(values: dict[str, Any]) -> None:
        commands.change(actor, programme, row, form.facts(), values["version"])

    return ask(asked, form, act, _("Séance collective enregistrée."), stored=row)


@bp.route(f"{ONE}/attendance", methods=["GET", "POST"])
def count_people(slug: str, number: int) -> Response:
    programme = _open(slug)
    row = queries.get_gathering(programme, number)
    teams = queries.list_teams(programme)
    noted = Counted(row, queries.read_attendance)
    form: AttendanceForm = fresh(attendance_form(teams), obj=noted)
    names = [name for name in form.data if name.startswith("team_")]
    asked = FormPage(
        title=_("Noter qui est venu"),
        lead=_("Combien de personnes de chaque équipe. Une case vide n’est pas notée."),
        trail=_trail(programme, row),
        step=_("Noter qui est venu"),
        beside=tuple(
            tuple(names[start : start + A_LINE]) for start in range(0, len(names), A_LINE)
        ),
    )

    def act(values: dict[str, Any]) -> None:
        commands.count_people(actor, programme, row, form.came(), values["version"])

    return ask(asked, form, act, _("Présence notée."), stored=noted)


@bp.route(f"{ONE}/satisfaction", methods=["GET", "POST"])
def answer(slug: str, number: int) -> Response:
    programme = queries.get_programme(actor, slug)
    row = queries.get_gathering(programme, number)
    on_a_team = queries.is_on_a_team(actor, programme)
    require(on_a_team, _("Ce sont les équipes du programme qui répondent."))
    form = fresh(SatisfactionForm)
    asked = FormPage(
        title=_("Trois questions sur cette séance"),
        lead=row.title,
        trail=_trail(programme, row),
        step=_("Trois questions"),
        yes=_("Envoyer sans mon nom"),
        advice=(
            _("Vos réponses s’ajoutent à des sommes : rien ne les relie à vous, ni entre elles."),
            _("Seul reste que vous avez répondu, pour ne pas vous le redemander."),
        ),
    )

    def act(_values: dict[str, Any]) -> None:
        commands.answer(actor, programme, row, form.marks())

    return ask(asked, form, act, _("Merci, c’est compté."))

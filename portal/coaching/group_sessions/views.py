"""Collective sessions of a programme: the list, one of them, and the forms."""

from typing import Any

from flask import Blueprint, Response, url_for

from portal.coaching.group_sessions import commands, labels, policy, queries
from portal.coaching.group_sessions.calendar import entry_of
from portal.coaching.group_sessions.forms import (
    AttendanceForm,
    GatheringForm,
    NewGatheringForm,
    SatisfactionForm,
    StoredAttendance,
    attendance_form,
)
from portal.coaching.group_sessions.models import Gathering
from portal.communication.calendar.invitation_views import INVITATION_PATH, invitation_response
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.access import require
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.form_page import FormPage, answer_form, make_form, requested_page
from portal.platform.web.rendering import redirect_to, render
from portal.project.projects.workspace_views import Trail

bp = Blueprint("gatherings", __name__)
PROGRAMME_RULE = "/programmes/<slug>/gatherings"
GATHERING_RULE = f"{PROGRAMME_RULE}/<int(max=9999):number>"
TEAMS_PER_LINE = 3  # teams whose numbers share a line


@bp.get("/gatherings")
def choose() -> Response:
    """Of which programme; straight there for who has one. Raises `NotFound` for who has none."""
    around = queries.list_programmes(actor)
    if not around:
        raise NotFound
    if len(around) == 1:
        return redirect_to(".index", slug=around[0].programme.slug)
    return render("coaching/group_sessions/programmes.html", around=around)


@bp.get(PROGRAMME_RULE)
def index(slug: str) -> Response:
    programme = queries.get_programme(actor, slug)
    return render(
        "coaching/group_sessions/index.html",
        fragment="list",
        programme=programme,
        found=queries.list_gatherings(programme, requested_page()),
        page_url=lambda number: url_for(".index", slug=slug, page=number),
        can_organise=policy.can_organise(actor, programme),
        today=clock.today(),
        words=labels,
    )


@bp.get(GATHERING_RULE)
def page(slug: str, number: int) -> Response:
    programme = queries.get_programme(actor, slug)
    row = queries.get_gathering(programme, number)
    organises = policy.can_organise(actor, programme)
    answered = queries.has_answered(actor, row)
    return render(
        "coaching/group_sessions/page.html",
        programme=programme,
        row=row,
        author=queries.get_author_name(row),
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
        words=labels,
    )


@bp.get(GATHERING_RULE + INVITATION_PATH)
def invitation(slug: str, number: int) -> Response:
    programme = queries.get_programme(actor, slug)
    return invitation_response([entry_of(programme, queries.get_gathering(programme, number))])


def _open(slug: str) -> Programme:
    programme = queries.get_programme(actor, slug)
    require(policy.can_organise(actor, programme), commands.organisers_only_message())
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


@bp.route(f"{PROGRAMME_RULE}/new", methods=["GET", "POST"])
def add(slug: str) -> Response:
    programme = _open(slug)
    form = make_form(NewGatheringForm)
    form_page = FormPage(
        title=_("Annoncer une séance collective"),
        trail=_trail(programme),
        step=_("Annoncer"),
        yes=_("Annoncer"),
        beside=(("held_on", "place"),),
        advice=(_("Toutes les équipes du programme la voient sur la page de leur projet."),),
    )

    def act(_values: dict[str, Any]) -> Gathering:
        return commands.announce(actor, programme, form.facts())

    def on_success(row: Gathering) -> tuple[str, str]:
        return _("Séance collective annoncée."), _path(programme, row)

    return answer_form(form_page, form, act, on_success)


@bp.route(f"{GATHERING_RULE}/edit", methods=["GET", "POST"])
def change(slug: str, number: int) -> Response:
    programme = _open(slug)
    row = queries.get_gathering(programme, number)
    form = make_form(GatheringForm, obj=row)
    form_page = FormPage(
        title=_("Modifier la séance collective"),
        lead=row.title,
        trail=_trail(programme, row),
        step=_("Modifier"),
        beside=(("held_on", "place"),),
    )

    def act(values: dict[str, Any]) -> None:
        commands.change_gathering(actor, programme, row, form.facts(), values["version"])

    return answer_form(form_page, form, act, _("Séance collective enregistrée."), stored=row)


@bp.route(f"{GATHERING_RULE}/attendance", methods=["GET", "POST"])
def count_people(slug: str, number: int) -> Response:
    programme = _open(slug)
    row = queries.get_gathering(programme, number)
    teams = queries.list_teams(programme)
    noted = StoredAttendance(row, queries.read_attendance)
    form: AttendanceForm = make_form(attendance_form(teams), obj=noted)
    names = [name for name in form.data if name.startswith("team_")]
    form_page = FormPage(
        title=_("Noter qui est venu"),
        lead=_("Combien de personnes de chaque équipe. Une case vide n’est pas notée."),
        trail=_trail(programme, row),
        step=_("Noter qui est venu"),
        beside=tuple(
            tuple(names[start : start + TEAMS_PER_LINE])
            for start in range(0, len(names), TEAMS_PER_LINE)
        ),
    )

    def act(values: dict[str, Any]) -> None:
        commands.record_attendance(actor, programme, row, form.attendance(), values["version"])

    return answer_form(form_page, form, act, _("Présence notée."), stored=noted)


@bp.route(f"{GATHERING_RULE}/satisfaction", methods=["GET", "POST"])
def answer(slug: str, number: int) -> Response:
    programme = queries.get_programme(actor, slug)
    row = queries.get_gathering(programme, number)
    on_a_team = queries.is_on_a_team(actor, programme)
    require(on_a_team, _("Ce sont les équipes du programme qui répondent."))
    form = make_form(SatisfactionForm)
    form_page = FormPage(
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
        commands.record_answer(actor, programme, row, form.marks())

    return answer_form(form_page, form, act, _("Merci, c’est compté."))

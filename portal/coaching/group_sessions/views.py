"""Pages and forms of a programme's group sessions."""

from http import HTTPStatus
from types import SimpleNamespace

from flask import Blueprint, Response, request, url_for

from portal.coaching.group_sessions import commands, labels, policy, queries
from portal.coaching.group_sessions.calendar import build_entry
from portal.coaching.group_sessions.forms import (
    AttendanceForm,
    CancelGatheringForm,
    EditGatheringForm,
    NewGatheringForm,
    SatisfactionForm,
    StoredAttendanceFormData,
    build_attendance_form_class,
)
from portal.coaching.group_sessions.models import Gathering
from portal.communication.calendar.invitation_views import INVITATION_PATH, invitation_response
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.access import require
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form
from portal.platform.web.form_page import FormPage, make_form, requested_page_number
from portal.platform.web.rendering import redirect_to, render
from portal.platform.web.writes import VersionedButtonForm, write, write_page
from portal.project.projects.workspace_views import Trail

bp = Blueprint("gatherings", __name__)
PROGRAMME_RULE = "/programmes/<slug>/gatherings"
GATHERING_RULE = f"{PROGRAMME_RULE}/<int(max=9999):number>"
TEAMS_PER_LINE = 3  # fields of teams side by side in the attendance form


@bp.get("/gatherings")
def choose_programme() -> Response:
    """Choose a programme; redirects if there is only one. Raises `NotFound` if there is none."""
    programmes = queries.list_programmes_with_next_gathering(actor)
    if not programmes:
        raise NotFound
    if len(programmes) == 1:
        return redirect_to(".index", slug=programmes[0].programme.slug)
    return render("coaching/group_sessions/programmes.html", programmes=programmes)


@bp.get(PROGRAMME_RULE)
def index(slug: str) -> Response:
    programme = queries.get_programme(actor, slug)
    return render(
        "coaching/group_sessions/index.html",
        fragment="list",
        programme=programme,
        gatherings=queries.read_gatherings_page(programme, requested_page_number()),
        page_url=lambda number: url_for(".index", slug=slug, page=number),
        can_organise=policy.can_organise(actor, programme),
        labels=labels,
    )


@bp.get(GATHERING_RULE)
def page(slug: str, number: int, status: int = HTTPStatus.OK, form: Form | None = None) -> Response:
    programme = queries.get_programme(actor, slug)
    row = queries.get_gathering(programme, number)
    can_organise = policy.can_organise(actor, programme)
    has_answered = queries.has_answered_survey(actor, row)
    satisfaction = queries.read_satisfaction(row) if can_organise else None
    return render(
        "coaching/group_sessions/page.html",
        status=status,
        form=form,
        programme=programme,
        row=row,
        author=queries.get_person_name(row.author_id),
        cancelled_by=queries.get_person_name(row.cancelled_by_id) if row.cancelled_by_id else "",
        can_organise=can_organise,
        has_answered=has_answered,
        can_answer=policy.can_answer_survey(
            row, is_on_a_team=queries.is_on_a_team(actor, programme), has_answered=has_answered
        ),
        can_change=policy.can_change(actor, programme, row),
        can_record_attendance=policy.can_record_attendance(actor, programme, row),
        can_cancel=satisfaction is not None and policy.can_cancel(actor, programme, row, satisfaction.count),
        can_undo=policy.can_undo_cancellation(actor, programme, row),
        attendance=queries.read_attendance(row) if can_organise else {},
        teams=queries.list_programme_projects(programme) if can_organise else (),
        satisfaction=satisfaction,
        today=clock.today(),
        labels=labels,
    )


@bp.get(GATHERING_RULE + INVITATION_PATH)
def invitation(slug: str, number: int) -> Response:
    programme = queries.get_programme(actor, slug)
    return invitation_response([build_entry(programme, queries.get_gathering(programme, number))])


def _open_programme_to_organise(slug: str) -> Programme:
    programme = queries.get_programme(actor, slug)
    require(policy.can_organise(actor, programme), commands.ORGANISERS_ONLY)
    return programme


def _build_gathering_trail(programme: Programme, row: Gathering | None = None) -> Trail:
    steps = [
        (programme.name, url_for("programmes.page", slug=programme.slug)),
        (_("Séances collectives"), url_for(".index", slug=programme.slug)),
    ]
    if row is not None:
        steps.append((row.title, commands.gathering_path(programme, row)))
    return steps


@bp.route(f"{PROGRAMME_RULE}/new", methods=["GET", "POST"])
def add(slug: str) -> Response:
    programme = _open_programme_to_organise(slug)
    form = make_form(NewGatheringForm)
    return write_page(
        FormPage(
            title=_("Annoncer une séance collective"),
            trail=_build_gathering_trail(programme),
            step=_("Annoncer"),
            yes=_("Annoncer"),
            beside=(("held_on", "place"),),
            advice=(
                _(
                    "Toutes les équipes la lisent : la page de leur projet en dit la date"
                    " et y mène, sous « Coachs, séances, décisions »."
                ),
            ),
        ),
        form,
        lambda _values: commands.announce_gathering(actor, programme, form.facts()),
        message=_("Séance collective annoncée."),
        to=lambda row: commands.gathering_path(programme, row),
    )


@bp.route(f"{GATHERING_RULE}/edit", methods=["GET", "POST"])
def change(slug: str, number: int) -> Response:
    programme = _open_programme_to_organise(slug)
    row = queries.get_gathering(programme, number)
    if request.method in SAFE_METHODS:  # what is typed meanwhile is refused beside its text
        commands.require_can_change(actor, programme, row)
    form = make_form(EditGatheringForm, obj=row)
    return write_page(
        FormPage(
            title=_("Modifier la séance collective"),
            lead=row.title,
            trail=_build_gathering_trail(programme, row),
            step=_("Modifier"),
            beside=(("held_on", "place"),),
        ),
        form,
        lambda values: commands.change_gathering(actor, programme, row, form.facts(), values["version"]),
        message=_("Séance collective enregistrée."),
        stored=row,
    )


@bp.route(f"{GATHERING_RULE}/cancel", methods=["GET", "POST"])
def cancel(slug: str, number: int) -> Response:
    programme = _open_programme_to_organise(slug)
    row = queries.get_gathering(programme, number)
    if request.method in SAFE_METHODS:
        commands.require_can_cancel(actor, programme, row)
    form = make_form(CancelGatheringForm, obj=row)
    return write_page(
        FormPage(
            title=_("Annuler la séance collective"),
            lead=_("%(title)s, %(when)s.", title=row.title, when=labels.meeting_time(row)),
            trail=_build_gathering_trail(programme, row),
            step=_("Annuler"),
            yes=_("Annuler la séance"),
            advice=(
                _("Les équipes, les coachs et la direction en sont prévenus."),
                _("Elle quitte les calendriers abonnés ; qui l’a ajoutée à la main la retire sur sa page."),
                _("Sa page reste, avec la raison. Pendant une heure, vous pourrez la rétablir."),
            ),
        ),
        form,
        lambda values: commands.cancel_gathering(actor, programme, row, values["reason"], values["version"]),
        message=_("Séance collective annulée."),
        stored=SimpleNamespace(version=row.version, reason=form.reason.data),  # the row has none yet
    )


@bp.post(f"{GATHERING_RULE}/undo")
def undo(slug: str, number: int) -> Response:
    programme = _open_programme_to_organise(slug)
    row, form = queries.get_gathering(programme, number), VersionedButtonForm()
    return write(
        form,
        lambda values: commands.undo_cancellation(actor, programme, row, values["version"]),
        message=_("Séance collective rétablie."),
        to=commands.gathering_path(programme, row),
        page=lambda status: page(slug, number, status, form),
    )


@bp.route(f"{GATHERING_RULE}/attendance", methods=["GET", "POST"])
def record_attendance(slug: str, number: int) -> Response:
    programme = _open_programme_to_organise(slug)
    row = queries.get_gathering(programme, number)
    if request.method in SAFE_METHODS:
        commands.require_can_record_attendance(actor, programme, row)
    teams = queries.list_programme_projects(programme)
    stored = StoredAttendanceFormData(row, queries.read_attendance)
    form: AttendanceForm = make_form(build_attendance_form_class(teams), obj=stored)
    names = [name for name in form.data if name.startswith("team_")]
    return write_page(
        FormPage(
            title=_("Noter qui est venu"),
            lead=_("Combien de personnes de chaque équipe. Une case vide n’est pas notée."),
            trail=_build_gathering_trail(programme, row),
            step=_("Noter qui est venu"),
            beside=tuple(
                tuple(names[start : start + TEAMS_PER_LINE]) for start in range(0, len(names), TEAMS_PER_LINE)
            ),
        ),
        form,
        lambda values: commands.record_attendance(
            actor, programme, row, form.attendance(), values["version"]
        ),
        message=_("Présence notée."),
        stored=stored,
    )


@bp.route(f"{GATHERING_RULE}/satisfaction", methods=["GET", "POST"])
def answer(slug: str, number: int) -> Response:
    programme = queries.get_programme(actor, slug)
    row = queries.get_gathering(programme, number)
    require(queries.is_on_a_team(actor, programme), commands.TEAMS_ONLY)
    if request.method in SAFE_METHODS:
        commands.require_can_answer(actor, programme, row)
    form = make_form(SatisfactionForm)
    return write_page(
        FormPage(
            title=_("Trois questions sur cette séance"),
            lead=row.title,
            trail=_build_gathering_trail(programme, row),
            step=_("Trois questions"),
            yes=_("Envoyer sans mon nom"),
            advice=(
                _(
                    "Vos réponses s’ajoutent à des chiffres d’ensemble : rien ne les relie à vous, ni"
                    " entre elles."
                ),
                _("Seul reste que vous avez répondu, pour ne pas vous le redemander."),
            ),
        ),
        form,
        lambda _values: commands.record_satisfaction_answer(actor, programme, row, form.marks()),
        message=_("Merci, c’est compté."),
    )

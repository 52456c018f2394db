"""Pages of a project's help requests and the forms with which a coach answers them."""

from functools import partial
from uuid import UUID

from flask import Blueprint, Response, url_for
from flask import request as flask_request

from portal.coaching.clinics import assignment_commands, commands, labels, policy, queries
from portal.coaching.clinics.calendar import list_entries_of_clinic
from portal.coaching.clinics.forms import (
    AssignHelpRequestForm,
    ClinicPlanForm,
    CloseHelpRequestForm,
    RecordHeldClinicForm,
    TakeHelpRequestForm,
)
from portal.coaching.clinics.labels import request_assigned_message
from portal.coaching.clinics.models import Clinic
from portal.coaching.clinics.queries import HelpRequest
from portal.coaching.clinics.usual_meeting_queries import read_usual_meeting
from portal.communication.calendar.invitation_views import INVITATION_PATH, invitation_response
from portal.platform.kernel import clock
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form
from portal.platform.web.form_page import FormPage, make_form
from portal.platform.web.rendering import render
from portal.platform.web.writes import write_button, write_page
from portal.project.projects import policy as projects
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project, list_coaches
from portal.project.projects.workspace_views import Trail, build_trail
from portal.sprints.sprints.labels import BLOCKERS
from portal.sprints.sprints.models import NUMBER_MAX
from portal.sprints.sprints.queries import find_sprint_for_help
from portal.sprints.sprints.section_queries import list_help_lines

bp = Blueprint("clinics", __name__, url_prefix="/projects/<slug>/clinics")
REQUEST_RULE = f"/<int(max={NUMBER_MAX}):number>"


@bp.get("")
def index(slug: str) -> Response:
    project = get_project(actor, slug)
    return render(
        "coaching/clinics/index.html",
        project=project,
        requests=queries.list_project_requests(actor, project),
        questions=list_help_lines(actor, project),
        can_advise=projects.can_advise(actor, project),
        can_ask=projects.can_write_team_work(actor, project),
        blockers=BLOCKERS,
        labels=labels,
    )


@bp.get(REQUEST_RULE)
def page(slug: str, number: int, status: int = 200, form: Form | None = None) -> Response:
    """The request's page; `form` is a button of the page that was refused."""
    project = get_project(actor, slug)
    get_request = queries.get_request_to_act if form is not None else queries.get_request
    request = get_request(actor, project, number)
    return render(
        "coaching/clinics/page.html",
        status=status,
        project=project,
        help_request=request,
        form=form,
        today=clock.today(),
        earlier=queries.list_closed_clinics_of_sprint(request.sprint),
        is_to_come=bool(list_entries_of_clinic(project, request.clinic, request.sprint)),
        can_take=policy.can_take(actor, project, request.clinic),
        can_give_back=policy.can_give_back(actor, project, request.clinic)
        and queries.would_wait_again(project, request.sprint),
        can_assign=policy.can_assign(actor, project, request.clinic),
        can_remind=policy.can_remind(actor, project, request.clinic)
        and not assignment_commands.was_reminder_sent_today(request.sprint),
        can_complete=_would_next_request_complete_this_one(project, request),
        can_run=policy.can_run_clinic(actor, project, request.clinic),
        blockers=BLOCKERS,
        labels=labels,
    )


def _would_next_request_complete_this_one(project: Project, request: HelpRequest) -> bool:
    """Whether the team's next request would complete this one, which nobody took yet."""
    is_waiting = request.sprint.has_open_request and request.clinic is None
    if not (is_waiting and projects.can_write_team_work(actor, project)):
        return False
    sprint = find_sprint_for_help(project)
    return sprint is not None and sprint.id == request.sprint.id


@bp.get(REQUEST_RULE + INVITATION_PATH)
def invitation(slug: str, number: int) -> Response:
    project = get_project(actor, slug)
    request = queries.get_request(actor, project, number)
    return invitation_response(list_entries_of_clinic(project, request.clinic, request.sprint))


def _open_help_request_to_run(slug: str, number: int) -> tuple[Project, HelpRequest]:
    project = get_project(actor, slug)
    request = queries.get_request_to_act(actor, project, number)
    commands.require_may_run_clinics(actor, project)
    return project, request


def _open_claim_to_run(slug: str, number: int) -> tuple[Project, commands.ClinicClaim]:
    """Raises `NotFound` for an unclaimed request; what was typed for a claim that was given back meanwhile
    is refused by its command, with the text."""
    project, request = _open_help_request_to_run(slug, number)
    if request.clinic is None and flask_request.method in SAFE_METHODS:
        raise NotFound
    return project, (request.clinic or Clinic(), request.sprint)


@bp.post(f"{REQUEST_RULE}/take")
def take(slug: str, number: int) -> Response:
    project, request = _open_help_request_to_run(slug, number)
    form = TakeHelpRequestForm()
    return write_button(
        lambda: commands.claim_request(actor, project, request.sprint, form.version.data or 0),
        message=_("Vous avez pris cette demande : fixez maintenant une date."),
        to=url_for(".page", slug=slug, number=number),
        page=partial(page, slug, number),
        form=form,
    )


@bp.post(f"{REQUEST_RULE}/give-back")
def give_back(slug: str, number: int) -> Response:
    project, request = _open_help_request_to_run(slug, number)
    form = TakeHelpRequestForm()
    return write_button(
        lambda: commands.give_back_request(actor, project, request.sprint, form.version.data or 0),
        message=_("Vous avez rendu cette demande\u00a0: elle attend de nouveau."),
        to=url_for(".page", slug=slug, number=number),
        page=partial(page, slug, number),
        form=form,
    )


@bp.route(f"{REQUEST_RULE}/assign", methods=["GET", "POST"])
def assign(slug: str, number: int) -> Response:
    project = get_project(actor, slug)
    assignment_commands.require_may_assign_requests(actor, project)
    request = queries.get_request_to_act(actor, project, number)
    people = [(holder.person.id, holder.person.name) for holder in list_coaches(project)]
    form = make_form(AssignHelpRequestForm, [*people, (actor.person_id, _("Moi"))])
    read_version = form.version.data or 0
    form.refresh_version(request.clinic)
    return write_page(
        FormPage(
            title=_("Confier la demande d’aide du sprint %(n)s", n=number),
            trail=_build_request_trail(project, number),
            step=_("Confier"),
            yes=_("Confier"),
            advice=(_("Qui la reçoit est prévenu, et fixe la date avec l’équipe."),),
        ),
        form,
        lambda values: assignment_commands.assign_request(
            actor, project, request.sprint, UUID(values["person"]), read_version
        ),
        message=request_assigned_message(people, form.person.data, project),
    )


@bp.post(f"{REQUEST_RULE}/remind")
def remind(slug: str, number: int) -> Response:
    project = get_project(actor, slug)
    assignment_commands.require_may_assign_requests(actor, project)
    request = queries.get_request_to_act(actor, project, number)
    return write_button(
        lambda: assignment_commands.remind_of_request(actor, project, request.sprint),
        message=_("Un rappel part aux coachs."),
        to=url_for(".page", slug=slug, number=number),
        page=partial(page, slug, number),
    )


def _build_request_trail(project: Project, number: int) -> Trail:
    return build_trail(
        project,
        (_("Demandes d’aide"), url_for(".index", slug=project.slug)),
        (_("Demande du sprint %(n)s", n=number), url_for(".page", slug=project.slug, number=number)),
    )


@bp.route(f"{REQUEST_RULE}/plan", methods=["GET", "POST"])
def plan(slug: str, number: int) -> Response:
    project, claim = _open_claim_to_run(slug, number)
    form, is_first = make_form(ClinicPlanForm, obj=claim[0]), claim[0].planned_on is None
    if is_first and not form.is_submitted():
        form.propose(read_usual_meeting(project))
    return write_page(
        FormPage(
            title=_("Fixer la date de la clinique"),
            lead=labels.describe_clinic(number),
            trail=_build_request_trail(project, number),
            step=_("Fixer la date"),
            beside=(("planned_on", "hour", "duration"),),
        ),
        form,
        lambda values: commands.schedule_clinic(
            actor, project, claim, form.meeting(is_first), values["version"]
        ),
        message=_("La date est fixée, et l’équipe la voit."),
        stored=claim[0],
    )


@bp.route(f"{REQUEST_RULE}/hold", methods=["GET", "POST"])
def record_held_clinic(slug: str, number: int) -> Response:
    project, claim = _open_claim_to_run(slug, number)
    form = make_form(RecordHeldClinicForm, obj=claim[0])
    if form.held_on.data is None and not form.is_submitted():
        form.held_on.data = clock.today()
    return write_page(
        FormPage(
            title=_("La clinique a eu lieu"),
            lead=labels.describe_clinic(number),
            trail=_build_request_trail(project, number),
            step=_("A eu lieu"),
            focus="outcome",
        ),
        form,
        lambda values: commands.record_held_clinic(
            actor, project, claim, values["held_on"], values["version"], outcome=values["outcome"]
        ),
        message=lambda is_closed: (
            _("Demande d’aide close.")
            if is_closed
            else _("C’est noté. Dites maintenant ce qui en est sorti.")
        ),
        stored=claim[0],
    )


@bp.route(f"{REQUEST_RULE}/close", methods=["GET", "POST"])
def close(slug: str, number: int) -> Response:
    project, claim = _open_claim_to_run(slug, number)
    form = make_form(CloseHelpRequestForm, obj=claim[0])
    return write_page(
        FormPage(
            title=_("Clore la demande d’aide"),
            trail=_build_request_trail(project, number),
            step=_("Clore"),
            yes=_("Clore"),
            advice=(_("L’équipe n’est plus comptée parmi celles qui attendent de l’aide."),),
        ),
        form,
        lambda values: commands.close_request(actor, project, claim, values["outcome"], values["version"]),
        message=_("Demande d’aide close."),
        stored=claim[0],
    )

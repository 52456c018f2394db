"""Operations on requests for help, by the number of the sprint that asks, and on their clinics."""

from dataclasses import replace
from typing import Any

from portal.coaching.clinics import assignment_commands, commands, queries, request_commands, schemas
from portal.coaching.clinics.models import Clinic
from portal.coaching.clinics.queries import HelpRequest
from portal.platform.kernel.access import Actor
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage, key_by_fields
from portal.project.projects.models import Project
from portal.project.projects.numbered_api import NumberedApi
from portal.project.projects.queries import get_project
from portal.sprints.sprints.models import Sprint
from portal.sprints.sprints.queries import find_sprint_for_help, get_sprint

area = ApiArea("coaching")
CLINICS = "/projects/<slug>/clinics"


@area.list(CLINICS, schemas.HelpRequestSchema)
def list_clinics(call: ApiCall, slug: str) -> ApiPage:
    """List the requests for help of a project, open ones first."""
    requests = queries.list_project_requests(call.actor, get_project(call.actor, slug))
    return call.page.cut_whole_list(
        [_describe_help_request(request) for request in requests], key_by_fields("sprint")
    )


@area.create(CLINICS, schemas.HelpRequestSchema, body=schemas.AskHelpSchema)
def request_help(call: ApiCall, slug: str) -> dict[str, Any]:
    """Ask for help on any day, for the team; where one is open it is completed, else it is that of
    the running or last sprint. Beside one that a coach has, another is a question (see `ask_decision`)."""
    project = get_project(call.actor, slug)
    sprint = find_sprint_for_help(project)
    if sprint is None:
        raise RuleBroken(None, _("Ce projet n’a pas encore de sprint : posez plutôt une question."))
    body = call.body
    request_commands.request_help(
        call.actor,
        project,
        sprint,
        body["blocker"],
        body["blocker_text"],
        expected_version=body["sprint_version"],
        replaces=body["replaces"],
    )
    call.location = f"/projects/{slug}/clinics/{sprint.number}"
    return _get_and_describe_help_request(call.actor, project, sprint.number)


def _describe_help_request(request: HelpRequest) -> dict[str, Any]:
    clinic, sprint = request.clinic, request.sprint
    columns = {name: getattr(clinic, name, None) for name in schemas.HelpRequestSchema().fields}
    return columns | {
        "sprint": sprint.number,
        "step": request.step,
        "blocker": request.blocker,
        "requested_at": request.requested_at,
        "version": clinic.version if clinic else 0,
    }


def _get_request_sprint(actor: Actor, project: Project, number: int) -> Sprint:
    return queries.get_request_to_act(actor, project, number).sprint


def _get_request_claim(actor: Actor, project: Project, number: int) -> commands.ClinicClaim:
    request = queries.get_request_to_act(actor, project, number)
    return request.clinic or Clinic(), request.sprint  # its command says that nobody has it


def _get_and_describe_help_request(actor: Actor, project: Project, number: int) -> dict[str, Any]:
    return _describe_help_request(queries.get_request(actor, project, number))


requests = NumberedApi(
    area,
    "clinics",
    ("clinic", "clinics"),
    Clinic,
    schemas.HelpRequestSchema,
    _get_request_sprint,
    _get_and_describe_help_request,
).gets()
requests.acts(
    "take",
    "take_clinic",
    'Take a request, as a coach; `If-Match: "0"` for one that nobody took.',
    commands.claim_request,
)
requests.acts(
    "give-back",
    "give_back_clinic",
    "Give back a request that one took, before its day is fixed: it waits again.",
    commands.give_back_request,
)
requests.acts(
    "assign",
    "assign_clinic",
    'Give a request to a coach of the project or to oneself; `If-Match: "0"` for one that nobody took.',
    assignment_commands.assign_request,
    schemas.AssignHelpRequestSchema,
)
requests.acts(
    "remind",
    "remind_of_clinic",
    "Remind whoever took a request, else all coaches of the project; once a day at most.",
    assignment_commands.remind_of_request,
)
replace(requests, find=get_sprint).deletes(
    "withdraw_help",
    "Withdraw a request that nobody took, for the team; again, it changes nothing.",
    request_commands.withdraw_help,
)
claims = replace(requests, find=_get_request_claim)
claims.acts(
    "plan", "plan_clinic", "Say when a clinic is.", commands.schedule_clinic, schemas.ClinicPlanSchema
)
claims.acts(
    "hold",
    "hold_clinic",
    "Say when a clinic was held.",
    commands.record_held_clinic,
    schemas.ClinicHoldSchema,
    names={"day": "held_on"},
)
claims.acts(
    "close",
    "close_clinic",
    "Close a request with what came of it.",
    commands.close_request,
    schemas.ClinicCloseSchema,
)

"""Operations on requests for help, by the number of the sprint that asks, and on their clinics."""

from dataclasses import replace
from typing import Any

from portal.coaching.clinics import commands, queries, schemas
from portal.coaching.clinics.models import Clinic
from portal.coaching.clinics.queries import HelpRequest
from portal.platform.kernel.access import Actor
from portal.platform.kernel.errors import require_row
from portal.platform.web.api_operations import ApiArea, ApiCall, ApiPage
from portal.project.projects.models import Project
from portal.project.projects.numbered_api import NumberedApi
from portal.project.projects.queries import get_project
from portal.sprints.sprints.models import Sprint

area = ApiArea("coaching")


@area.list("/projects/<slug>/clinics", schemas.HelpRequestSchema)
def list_clinics(call: ApiCall, slug: str) -> ApiPage:
    """List the requests for help of a project, open ones first."""
    requests = queries.list_requests(call.actor, get_project(call.actor, slug))
    return call.page.cut([_describe(request) for request in requests])


def _describe(request: HelpRequest) -> dict[str, Any]:
    clinic, sprint = request.clinic, request.sprint
    columns = {name: getattr(clinic, name, None) for name in schemas.HelpRequestSchema().fields}
    return columns | {
        "sprint": sprint.number,
        "step": request.step,
        "blocker": sprint.blocker,
        "requested_at": request.requested_at,
        "version": clinic.version if clinic else 0,
    }


def _find_sprint(actor: Actor, project: Project, number: int) -> Sprint:
    return queries.get_request(actor, project, number).sprint


def _find_claim(actor: Actor, project: Project, number: int) -> commands.ClinicClaim:
    request = queries.get_request(actor, project, number)
    return require_row(request.clinic), request.sprint


def _show(actor: Actor, project: Project, number: int) -> dict[str, Any]:
    return _describe(queries.get_request(actor, project, number))


requests = NumberedApi(
    area, "clinics", ("clinic", "clinics"), Clinic, schemas.HelpRequestSchema, _find_sprint, _show
).gets()
requests.acts(
    "take",
    "take_clinic",
    'Take a request, as a coach; `If-Match: "0"` for one that nobody took.',
    commands.claim_request,
)
claims = replace(requests, find=_find_claim)
claims.acts(
    "plan", "plan_clinic", "Say when a clinic is.", commands.schedule_clinic, schemas.ClinicPlanSchema
)
claims.acts(
    "hold",
    "hold_clinic",
    "Say when a clinic was held.",
    commands.record_clinic,
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

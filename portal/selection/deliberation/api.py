"""Operations on decisions, their publication, appeals, and projects of laureates; for leads."""

from portal.platform.kernel.errors import require_row
from portal.platform.web.api_operations import ApiArea, ApiCall, ApiPage
from portal.project.projects.models import Project
from portal.project.projects.schemas import ProjectSchema
from portal.selection.applications.api import APPLICATION
from portal.selection.applications.queries import LoadedApplication, get_led
from portal.selection.calls.api import CALL
from portal.selection.calls.models import Call
from portal.selection.calls.queries import get_led_call
from portal.selection.calls.schemas import CallSchema
from portal.selection.deliberation import appeal_commands, commands, project_commands, queries, schemas
from portal.selection.deliberation.appeal_commands import AppealAnswer
from portal.selection.deliberation.commands import ApplicationDecisionFacts
from portal.selection.deliberation.models import ApplicationAppeal, ApplicationDecision

area = ApiArea("selection")
DECISION = f"{APPLICATION}/decision"
APPEALS = f"{APPLICATION}/appeals"
APPEAL = f"{APPEALS}/<int(max=99):appeal>"


@area.get(DECISION, schemas.ApplicationDecisionSchema)
def get_application_decision(
    call: ApiCall, programme: str, number: int, application: int
) -> ApplicationDecision:
    """Read the decision on an application."""
    return require_row(queries.find_decision(get_led(call.actor, programme, number, application)))


@area.change(DECISION, schemas.ApplicationDecisionSchema, body=schemas.ApplicationDecisionBodySchema)
def decide_application(call: ApiCall, programme: str, number: int, application: int) -> ApplicationDecision:
    """Decide of an application before the publication; `If-Match: "0"` for a first decision."""
    loaded = get_led(call.actor, programme, number, application)
    commands.decide(call.actor, loaded, ApplicationDecisionFacts(**call.body), call.version)
    return require_row(queries.find_decision(loaded))


@area.act(f"{CALL}/publish", CallSchema, body=schemas.PublishDecisionsSchema, is_versioned=True)
def publish_decisions(call: ApiCall, programme: str, number: int) -> Call:
    """Publish all decisions of a call at once; the call's version is in `If-Match`."""
    row = get_led_call(call.actor, programme, number)[1]
    commands.publish_decisions(call.actor, row, call.version, knowingly=call.body["knowingly"])
    return row


@area.list(APPEALS, schemas.ApplicationAppealSchema)
def list_application_appeals(call: ApiCall, programme: str, number: int, application: int) -> ApiPage:
    """List the appeals against the decision on an application."""
    return call.page.cut(queries.list_appeals(get_led(call.actor, programme, number, application)))


@area.create(APPEALS, schemas.ApplicationAppealSchema, body=schemas.AppealSchema)
def receive_appeal(call: ApiCall, programme: str, number: int, application: int) -> ApplicationAppeal:
    """Note an appeal against a published decision."""
    loaded = get_led(call.actor, programme, number, application)
    row = appeal_commands.receive_appeal(call.actor, loaded, call.body["received_on"], call.body["grounds"])
    call.location = f"/programmes/{programme}/calls/{number}/applications/{application}/appeals"
    return row


@area.act(
    f"{APPEAL}/examine",
    schemas.ApplicationAppealSchema,
    body=schemas.AppealExaminationSchema,
    is_versioned=True,
)
def examine_appeal(
    call: ApiCall, programme: str, number: int, application: int, appeal: int
) -> ApplicationAppeal:
    """Note what the examination of an appeal shows."""
    loaded, row = _open_appeal(call, (programme, number, application), appeal)
    appeal_commands.examine_appeal(call.actor, loaded, row, call.body["examination"], call.version)
    return row


@area.act(
    f"{APPEAL}/close", schemas.ApplicationAppealSchema, body=schemas.AppealAnswerSchema, is_versioned=True
)
def close_appeal(
    call: ApiCall, programme: str, number: int, application: int, appeal: int
) -> ApplicationAppeal:
    """Grant or reject an appeal, or note that it was withdrawn."""
    loaded, row = _open_appeal(call, (programme, number, application), appeal)
    appeal_commands.close_appeal(call.actor, loaded, row, AppealAnswer(**call.body), call.version)
    return row


def _open_appeal(
    call: ApiCall, place: tuple[str, int, int], appeal: int
) -> tuple[LoadedApplication, ApplicationAppeal]:
    loaded = get_led(call.actor, *place)
    return loaded, queries.get_appeal(loaded, appeal)


@area.act(f"{APPLICATION}/project", ProjectSchema)
def found_project(call: ApiCall, programme: str, number: int, application: int) -> Project:
    """Make a laureate a project: people invited, file begun."""
    loaded = get_led(call.actor, programme, number, application)
    return project_commands.found_project(call.actor, loaded).project

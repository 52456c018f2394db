"""Operations on the deliberation: agenda, minutes, decisions, publication, appeals, projects of laureates."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from portal.platform.kernel.errors import NotFound, require_row
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage, key_by_fields
from portal.project.projects.models import Project
from portal.project.projects.schemas import ProjectSchema
from portal.selection.applications.api import APPLICATION
from portal.selection.applications.queries import LoadedApplication, get_led_application
from portal.selection.calls.api import CALL
from portal.selection.calls.models import Call
from portal.selection.calls.queries import get_programme_and_call, get_programme_and_led_call
from portal.selection.calls.schemas import CallSchema
from portal.selection.deliberation import (
    appeal_commands,
    commands,
    labels,
    policy,
    project_commands,
    queries,
    schemas,
)
from portal.selection.deliberation.agenda_rules import AgendaStep
from portal.selection.deliberation.appeal_commands import AppealAnswer
from portal.selection.deliberation.commands import ApplicationDecisionFacts, MinutesFacts
from portal.selection.deliberation.models import ApplicationAppeal, ApplicationDecision, Deliberation
from portal.selection.deliberation.queries import AgendaApplication

area = ApiArea("selection")
MINUTES = f"{CALL}/minutes"
DECISION = f"{APPLICATION}/decision"
APPEALS = f"{APPLICATION}/appeals"
APPEAL = f"{APPEALS}/<int(max=99):appeal>"


@area.list(f"{CALL}/agenda", schemas.AgendaStepSchema)
def list_agenda(call: ApiCall, programme: str, number: int) -> ApiPage:
    """List the applications to decide in the order in which the fewest people leave the room."""
    row = get_programme_and_call(call.actor, programme, number)[1]
    if not policy.can_read_agenda(call.actor, row):
        raise NotFound
    agenda, names = queries.read_agenda_with_names(call.actor, row)
    return call.page.cut_whole_list(
        [_dump_agenda_step(step, names) for step in agenda], key_by_fields("number")
    )


def _dump_agenda_step(step: AgendaStep[AgendaApplication, UUID], names: Mapping[UUID, str]) -> dict[str, Any]:
    groups = {
        name: [{"person_id": each, "name": names[each]} for each in sorted(people, key=names.__getitem__)]
        for name, people in vars(step).items()
        if name != "item"
    }
    facts = vars(step.item) | groups
    if step.item.outcome is not None:
        facts["outcome"] = labels.current_outcome(step.item.outcome, step.item.state)
    return facts


@area.get(MINUTES, schemas.DeliberationSchema)
def get_minutes(call: ApiCall, programme: str, number: int) -> Deliberation:
    """Read the minutes of a deliberation; jurors once the results are published."""
    row = get_programme_and_call(call.actor, programme, number)[1]
    if not policy.can_read_minutes(call.actor, row):
        raise NotFound
    return require_row(queries.find_deliberation(row))


@area.change(MINUTES, schemas.DeliberationSchema, body=schemas.MinutesSchema)
def write_minutes(call: ApiCall, programme: str, number: int) -> Deliberation:
    """Write the minutes, until the results are published; `If-Match: "0"` for first ones."""
    row = get_programme_and_led_call(call.actor, programme, number)[1]
    return commands.write_minutes(call.actor, row, MinutesFacts(**call.body), call.version)


@area.get(DECISION, schemas.ApplicationDecisionSchema)
def get_application_decision(
    call: ApiCall, programme: str, number: int, application: int
) -> ApplicationDecision:
    """Read the decision on an application."""
    return require_row(queries.find_decision(get_led_application(call.actor, programme, number, application)))


@area.change(DECISION, schemas.ApplicationDecisionSchema, body=schemas.WriteApplicationDecisionSchema)
def decide_application(call: ApiCall, programme: str, number: int, application: int) -> ApplicationDecision:
    """Decide of an application before the publication; `If-Match: "0"` for a first decision."""
    loaded = get_led_application(call.actor, programme, number, application)
    commands.write_decision(call.actor, loaded, ApplicationDecisionFacts(**call.body), call.version)
    return require_row(queries.find_decision(loaded))


@area.act(
    f"{CALL}/publish",
    CallSchema,
    body=schemas.PublishDecisionsSchema,
    is_versioned=True,
    asks_again=True,
)
def publish_decisions(call: ApiCall, programme: str, number: int) -> Call:
    """Publish all decisions of a call at once; the call's version is in `If-Match`."""
    row = get_programme_and_led_call(call.actor, programme, number)[1]
    commands.publish_decisions(call.actor, row, call.version, knowingly=call.body["knowingly"])
    return row


@area.list(APPEALS, schemas.ApplicationAppealSchema)
def list_application_appeals(call: ApiCall, programme: str, number: int, application: int) -> ApiPage:
    """List the appeals against the decision on an application."""
    loaded = get_led_application(call.actor, programme, number, application)
    page = call.page.cut_whole_list(queries.list_appeals(loaded))
    limits = queries.list_limits_of_appeals(loaded)
    return ApiPage([_dump_appeal(row, limits) for row in page.rows], page.next_after)


def _describe_appeal(loaded: LoadedApplication, row: ApplicationAppeal) -> dict[str, Any]:
    return _dump_appeal(row, queries.list_limits_of_appeals(loaded))


def _dump_appeal(row: ApplicationAppeal, limits: Sequence[date]) -> dict[str, Any]:
    """An appeal, and whether it came after its time limit, of the limits of all appeals."""
    until = next(iter(limits[row.number - 1 :]), None)
    values = {name: getattr(row, name, None) for name in schemas.ApplicationAppealSchema().fields}
    return values | {"until": until, "is_late": until is not None and row.received_on > until}


@area.create(APPEALS, schemas.ApplicationAppealSchema, body=schemas.AppealSchema)
def receive_appeal(call: ApiCall, programme: str, number: int, application: int) -> dict[str, Any]:
    """Note an appeal against a published decision."""
    loaded = get_led_application(call.actor, programme, number, application)
    row = appeal_commands.receive_appeal(call.actor, loaded, call.body["received_on"], call.body["grounds"])
    call.location = f"/programmes/{programme}/calls/{number}/applications/{application}/appeals/{row.number}"
    return _describe_appeal(loaded, row)


@area.get(APPEAL, schemas.ApplicationAppealSchema)
def get_application_appeal(
    call: ApiCall, programme: str, number: int, application: int, appeal: int
) -> dict[str, Any]:
    """Read an appeal against the decision on an application."""
    return _describe_appeal(*_get_appeal_with_application(call, (programme, number, application), appeal))


@area.act(
    f"{APPEAL}/examine",
    schemas.ApplicationAppealSchema,
    body=schemas.AppealExaminationSchema,
    is_versioned=True,
)
def examine_appeal(
    call: ApiCall, programme: str, number: int, application: int, appeal: int
) -> dict[str, Any]:
    """Note what the examination of an appeal shows."""
    loaded, row = _get_appeal_with_application(call, (programme, number, application), appeal)
    appeal_commands.examine_appeal(call.actor, loaded, row, call.body["examination"], call.version)
    return _describe_appeal(loaded, row)


@area.act(
    f"{APPEAL}/close", schemas.ApplicationAppealSchema, body=schemas.CloseAppealSchema, is_versioned=True
)
def close_appeal(call: ApiCall, programme: str, number: int, application: int, appeal: int) -> dict[str, Any]:
    """Grant or reject an appeal, or note that it was withdrawn."""
    loaded, row = _get_appeal_with_application(call, (programme, number, application), appeal)
    appeal_commands.close_appeal(call.actor, loaded, row, AppealAnswer(**call.body), call.version)
    return _describe_appeal(loaded, row)


def _get_appeal_with_application(
    call: ApiCall, place: tuple[str, int, int], appeal: int
) -> tuple[LoadedApplication, ApplicationAppeal]:
    loaded = get_led_application(call.actor, *place)
    return loaded, queries.get_appeal(loaded, appeal)


@area.act(f"{APPLICATION}/project", ProjectSchema, asks_again=True)
def found_project(call: ApiCall, programme: str, number: int, application: int) -> Project:
    """Make a laureate a project: people invited, file begun."""
    loaded = get_led_application(call.actor, programme, number, application)
    return project_commands.create_laureate_project(call.actor, loaded).project

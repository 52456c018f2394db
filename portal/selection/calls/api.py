"""Operations on calls and their criteria, for the leads of their programme; jurors read criteria."""

from typing import Any

from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage, key_by_fields
from portal.selection.calls import commands, queries, schemas
from portal.selection.calls.commands import CallFacts, CriterionFacts
from portal.selection.calls.models import Call, CallCriterion

area = ApiArea("selection")
CALLS = "/programmes/<programme>/calls"
CALL = f"{CALLS}/<int(max=9999):number>"
CRITERIA = f"{CALL}/criteria"
CRITERION = f"{CRITERIA}/<key>"


@area.list(CALLS, schemas.CallSchema)
def list_programme_calls(call: ApiCall, programme: str) -> ApiPage:
    """List the calls of a programme, for its leads."""
    led = queries.get_led_programme(call.actor, programme)
    return call.page.cut_whole_list([row for row, _programme in queries.list_calls(call.actor, led)])


@area.create(CALLS, schemas.CallSchema, body=schemas.CallBodySchema)
def plan_call(call: ApiCall, programme: str) -> Call:
    """Plan a call, which begins with the usual criteria."""
    led = queries.get_led_programme(call.actor, programme)
    row = commands.plan_call(call.actor, led, CallFacts(**call.body))
    call.location = f"/programmes/{programme}/calls/{row.number}"
    return row


@area.get(CALL, schemas.CallSchema)
def get_programme_call(call: ApiCall, programme: str, number: int) -> Call:
    """Read a call, for the leads of its programme."""
    return queries.get_programme_and_led_call(call.actor, programme, number)[1]


@area.change(CALL, schemas.CallSchema, body=schemas.CallBodySchema)
def change_call(call: ApiCall, programme: str, number: int) -> Call:
    """Change a call; what jurors rely on is fixed once they may score."""
    row = queries.get_programme_and_led_call(call.actor, programme, number)[1]
    commands.change_call(call.actor, row, CallFacts(**call.body), call.version)
    return row


@area.act(f"{CALL}/state", schemas.CallSchema, body=schemas.ChangeCallStateSchema, is_versioned=True)
def move_call(call: ApiCall, programme: str, number: int) -> Call:
    """Move a call to its next state; ahead of its day, or with something missing or undone, knowingly."""
    row = queries.get_programme_and_led_call(call.actor, programme, number)[1]
    state, knowingly = call.body["state"], call.body["knowingly"]
    commands.move_call_to_state(call.actor, row, state, call.version, knowingly=knowingly)
    return row


@area.act(f"{CALL}/show", schemas.CallSchema, is_versioned=True, asks_again=True)
def show_call_page(call: ApiCall, programme: str, number: int) -> Call:
    """Make the page of a call public."""
    row = queries.get_programme_and_led_call(call.actor, programme, number)[1]
    commands.publish_call_page(call.actor, row, call.version)
    return row


@area.act(f"{CALL}/hide", schemas.CallSchema, is_versioned=True, asks_again=True)
def hide_call_page(call: ApiCall, programme: str, number: int) -> Call:
    """Take the public page of a call away."""
    row = queries.get_programme_and_led_call(call.actor, programme, number)[1]
    commands.hide_call_page(call.actor, row, call.version)
    return row


@area.list(CRITERIA, schemas.CallCriterionSchema)
def list_call_criteria(call: ApiCall, programme: str, number: int) -> ApiPage:
    """List the criteria of a call, in their order, for its leads and its jury."""
    row = queries.get_programme_and_call(call.actor, programme, number)[1]
    return call.page.cut_whole_list(
        [_dump_criterion(row, criterion) for criterion in queries.list_criteria(row)], key_by_fields("key")
    )


@area.get(CRITERION, schemas.CallCriterionSchema)
def get_call_criterion(call: ApiCall, programme: str, number: int, key: str) -> dict[str, Any]:
    """Read a criterion of a call, for its leads and its jury."""
    row = queries.get_programme_and_call(call.actor, programme, number)[1]
    return _dump_criterion(row, queries.get_criterion(row, key))


@area.change(
    CRITERION,
    schemas.CallCriterionSchema,
    body=schemas.CriterionBodySchema,
    read_by=("get_call_criterion", "get_programme_call"),
)
def change_call_criterion(call: ApiCall, programme: str, number: int, key: str) -> dict[str, Any]:
    """Change a criterion until jurors may score; the call's version is in `If-Match`."""
    row = queries.get_programme_and_led_call(call.actor, programme, number)[1]
    criterion = queries.get_criterion(row, key)
    commands.change_criterion(call.actor, row, criterion, CriterionFacts(**call.body), call.version)
    return _dump_criterion(row, criterion)


def _dump_criterion(call: Call, criterion: CallCriterion) -> dict[str, Any]:
    values = {name: getattr(criterion, name, None) for name in schemas.CallCriterionSchema().fields}
    return values | {"version": call.version}

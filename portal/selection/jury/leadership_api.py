"""Operations on interests of leads and of likely conflicts: who leads an application instead."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.selection.applications.api import APPLICATION, dump_application
from portal.selection.applications.application_schemas import ApplicationSchema
from portal.selection.applications.queries import (
    LoadedApplication,
    get_known_application,
    get_led_application,
)
from portal.selection.jury import assignment_commands, leadership_commands, schemas
from portal.selection.jury.conflict_queries import read_application_leadership
from portal.selection.jury.queries import get_application_for_call_lead

area = ApiArea("selection")
LEAD = f"{APPLICATION}/lead"
RETURN = f"{APPLICATION}/return"


@area.act(f"{APPLICATION}/interests/lead", ApplicationSchema, body=schemas.LeadInterestSchema)
def declare_lead_interest(call: ApiCall, programme: str, number: int, application: int) -> dict[str, Any]:
    """Say as a lead that one has an interest: one reads the title alone from then on."""
    loaded = get_led_application(call.actor, programme, number, application)
    assignment_commands.declare_lead_interest(call.actor, loaded, call.body["reason"])
    return dump_application(get_known_application(call.actor, programme, number, application))


@area.act(f"{APPLICATION}/interests/<uuid:person_id>", ApplicationSchema, body=schemas.SettleConflictSchema)
def settle_conflict(
    call: ApiCall, programme: str, number: int, application: int, person_id: UUID
) -> dict[str, Any]:
    """Confirm or set aside a likely conflict of a juror or lead, once."""
    loaded, body = get_led_application(call.actor, programme, number, application), call.body
    assignment_commands.settle_conflict(
        call.actor, loaded, person_id, body["reason"], is_confirmed=body["is_confirmed"]
    )
    return dump_application(get_known_application(call.actor, programme, number, application))


@area.get(LEAD, schemas.LeadershipSchema)
def get_leadership(call: ApiCall, programme: str, number: int, application: int) -> dict[str, Any]:
    """Read who leads an application, and who is shut out of it by an interest."""
    return _dump_leadership(get_application_for_call_lead(call.actor, programme, number, application))


@area.act(LEAD, schemas.LeadershipSchema, body=schemas.NameSubstituteLeadSchema)
def name_lead(call: ApiCall, programme: str, number: int, application: int) -> dict[str, Any]:
    """Name a lead without a conflict for an application."""
    person_id = call.body["person"]
    return _change_leadership(
        call, (programme, number, application), leadership_commands.name_lead, person_id
    )


@area.act(f"{LEAD}/ask", schemas.LeadershipSchema)
def ask_to_unname(call: ApiCall, programme: str, number: int, application: int) -> dict[str, Any]:
    """Ask that the named lead no longer be."""
    return _change_leadership(call, (programme, number, application), leadership_commands.ask_to_unname_lead)


@area.act(f"{LEAD}/agree", schemas.LeadershipSchema, is_personal=True)
def agree_to_unname(call: ApiCall, programme: str, number: int, application: int) -> dict[str, Any]:
    """Agree, as a second person, that the named lead no longer be."""
    return _change_leadership(
        call, (programme, number, application), leadership_commands.agree_to_unname_lead
    )


@area.act(RETURN, schemas.LeadershipSchema, body=schemas.ReturnRequestSchema)
def ask_to_return(call: ApiCall, programme: str, number: int, application: int) -> dict[str, Any]:
    """Ask, as a lead in conflict, to be let in again."""
    reason = call.body["reason"]
    return _change_leadership(
        call, (programme, number, application), leadership_commands.ask_for_lead_return, reason
    )


@area.act(f"{RETURN}/<uuid:person_id>", schemas.LeadershipSchema, is_personal=True)
def agree_to_return(
    call: ApiCall, programme: str, number: int, application: int, person_id: UUID
) -> dict[str, Any]:
    """Let a lead in again who asked for it."""
    get_led_application(call.actor, programme, number, application)
    return _change_leadership(
        call, (programme, number, application), leadership_commands.agree_to_lead_return, person_id
    )


def _change_leadership(
    call: ApiCall, place: tuple[str, int, int], command: Callable[..., None], *arguments: object
) -> dict[str, Any]:
    command(call.actor, get_application_for_call_lead(call.actor, *place), *arguments)
    return _dump_leadership(get_application_for_call_lead(call.actor, *place))


def _dump_leadership(loaded: LoadedApplication) -> dict[str, Any]:
    leadership, is_lead = read_application_leadership(loaded.call, loaded.application), loaded.rights.is_lead
    conflicts = [
        {
            "person_id": row.person_id,
            "name": name,
            "undo_asked_by_id": row.undo_asked_by_id,
            "undo_reason": row.undo_reason,
        }
        for row, name in leadership.conflicts
    ]
    named = leadership.named
    return {
        "is_shut_out": not is_lead,
        "conflicts": conflicts if is_lead else [],
        "named": named
        and {
            "person_id": named.person_id,
            "name": leadership.named_name,
            "undo_asked_by_id": named.undo_asked_by_id,
        },
        "free": [{"person_id": each.id, "name": each.name} for each in leadership.free],
    }

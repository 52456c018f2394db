"""Operations on the jury of a call, for its leads: members, spread, publication, likely interests."""

from typing import Any
from uuid import UUID

from portal.platform.kernel.access import Actor
from portal.platform.kernel.errors import NotFound
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage, key_by_fields
from portal.selection.calls.api import CALL
from portal.selection.calls.models import Call
from portal.selection.calls.queries import get_programme_and_led_call
from portal.selection.calls.schemas import CallSchema
from portal.selection.jury import commands, queries, schemas
from portal.selection.jury.commands import AssignmentSpreadPreview, SeatFacts
from portal.selection.jury.conflict_queries import list_likely_conflicts
from portal.selection.jury.queries import JurySeat

area = ApiArea("selection")
JURY = f"{CALL}/jury"
MEMBER = f"{JURY}/<uuid:person_id>"
ASSIGNMENTS = f"{CALL}/assignments"


@area.list(JURY, schemas.JuryMemberSchema)
def list_jury_members(call: ApiCall, programme: str, number: int) -> ApiPage:
    """List the jury of a call, by name."""
    row = get_programme_and_led_call(call.actor, programme, number)[1]
    return call.page.cut_whole_list(
        [_dump_seat(seat) for seat in queries.list_seats(call.actor, row)], key_by_fields("person_id")
    )


@area.list(f"{JURY}/candidates", schemas.JuryPersonSchema)
def list_jury_candidates(call: ApiCall, programme: str, number: int) -> ApiPage:
    """List the jurors of the programme who are not on the jury of a call."""
    row = get_programme_and_led_call(call.actor, programme, number)[1]
    people = queries.list_jury_candidates(row)
    return call.page.cut_whole_list(
        [{"person_id": person.id, "name": person.name} for person in people], key_by_fields("person_id")
    )


@area.create(JURY, schemas.JuryMemberSchema, body=schemas.SeatSchema)
def seat_juror(call: ApiCall, programme: str, number: int) -> dict[str, Any]:
    """Take somebody into the jury of a call."""
    row, person_id = get_programme_and_led_call(call.actor, programme, number)[1], call.body["person"]
    facts = SeatFacts(**call.values("employer", "company_number", "load_max"))
    commands.seat_juror(call.actor, row, person_id, facts)
    call.location = f"/programmes/{programme}/calls/{number}/jury/{person_id}"
    return _get_dumped_seat(call.actor, row, person_id)


@area.get(MEMBER, schemas.JuryMemberSchema)
def get_jury_member(call: ApiCall, programme: str, number: int, person_id: UUID) -> dict[str, Any]:
    """Read what is known of a juror of a call."""
    return _get_dumped_seat(
        call.actor, get_programme_and_led_call(call.actor, programme, number)[1], person_id
    )


@area.change(MEMBER, schemas.JuryMemberSchema, body=schemas.ChangeSeatSchema, is_versioned=False)
def change_jury_member(call: ApiCall, programme: str, number: int, person_id: UUID) -> dict[str, Any]:
    """Change what is known of a juror of a call."""
    row = get_programme_and_led_call(call.actor, programme, number)[1]
    commands.change_seat(call.actor, row, queries.get_member(row, person_id), SeatFacts(**call.body))
    return _get_dumped_seat(call.actor, row, person_id)


@area.delete(MEMBER)
def unseat_juror(call: ApiCall, programme: str, number: int, person_id: UUID) -> None:
    """Take somebody without published assignments out of a jury."""
    row = get_programme_and_led_call(call.actor, programme, number)[1]
    commands.unseat_juror(call.actor, row, queries.get_member(row, person_id))


def _get_dumped_seat(actor: Actor, call: Call, person_id: UUID) -> dict[str, Any]:
    for seat in queries.list_seats(actor, call):
        if seat.person.id == person_id:
            return _dump_seat(seat)
    raise NotFound


def _dump_seat(seat: JurySeat) -> dict[str, Any]:
    columns = {name: getattr(seat.member, name) for name in ("employer", "company_number", "load_max")}
    counts = {name: getattr(seat, name) for name in ("assigned", "undeclared", "sent", "is_active")}
    return columns | counts | {"person_id": seat.person.id, "name": seat.person.name}


@area.get(f"{ASSIGNMENTS}/spread", schemas.SpreadSchema)
def preview_spread(call: ApiCall, programme: str, number: int) -> dict[str, Any]:
    """Read what a new spread of the applications over the jury would change."""
    row = get_programme_and_led_call(call.actor, programme, number)[1]
    return _dump_spread(commands.preview_assignment_spread(call.actor, row))


@area.act(f"{ASSIGNMENTS}/spread", schemas.SpreadSchema)
def spread_applications(call: ApiCall, programme: str, number: int) -> dict[str, Any]:
    """Spread the eligible applications over the jury, as drafts; answers what it could not reach."""
    row = get_programme_and_led_call(call.actor, programme, number)[1]
    commands.spread_applications(call.actor, row)
    return _dump_spread(commands.preview_assignment_spread(call.actor, row))


def _dump_spread(preview: AssignmentSpreadPreview) -> dict[str, Any]:
    def describe(pairs: Any) -> list[dict[str, Any]]:
        return [{"application": row.number, "person_id": person_id} for row, person_id in pairs]

    return {
        "added": describe(preview.added),
        "removed": describe(preview.removed),
        "gaps": [{"application": row.number, "missing": missing} for row, missing in preview.gaps],
        "jurors": [{"person_id": each, "applications": load} for each, load in preview.loads.items()],
    }


@area.act(f"{ASSIGNMENTS}/publish", CallSchema)
def publish_assignments(call: ApiCall, programme: str, number: int) -> Call:
    """Publish the assignments that are drafts: jurors are told."""
    row = get_programme_and_led_call(call.actor, programme, number)[1]
    commands.publish_assignments(call.actor, row)
    return row


@area.list(f"{JURY}/likely-conflicts", schemas.LikelyConflictSchema)
def list_call_conflicts(call: ApiCall, programme: str, number: int) -> ApiPage:
    """List the likely conflicts of interest of a call that nobody has settled."""
    row = get_programme_and_led_call(call.actor, programme, number)[1]
    rows = [
        vars(each) | {"application": each.application.number}
        for each in list_likely_conflicts(call.actor, [row])
    ]
    return call.page.cut_whole_list(rows, key_by_fields("application", "person_id"))

"""Who reads and runs the calls of a programme."""

from sqlalchemy import ColumnElement, or_, select

from portal.people.programmes import policy as programmes
from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Actor, Role
from portal.selection.calls.jury_models import JuryMember
from portal.selection.calls.models import Call, CallState

LEAD, JUROR = Role.PROGRAMME_LEAD, Role.JUROR


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Calls of programmes that the actor leads, and those of whose jury they are."""
    seats = select(JuryMember.call_id).where(JuryMember.person_id == actor.person_id)
    on_jury = Call.id.in_(seats) & Call.programme_id.in_(actor.scopes_with(JUROR))
    return or_(Call.programme_id.in_(actor.scopes_with(LEAD)), on_jury)


def led_by_condition(actor: Actor) -> ColumnElement[bool]:
    """Calls of programmes that the actor leads."""
    return Call.programme_id.in_(actor.scopes_with(LEAD))


def leads_call(actor: Actor, call: Call) -> bool:
    """Whether the actor runs the call: the programme's leads."""
    return actor.has_role_in(LEAD, in_=call.programme_id)


def can_plan(actor: Actor, programme: Programme) -> bool:
    return programmes.can_lead(actor, programme)


def may_run_calls_somewhere(actor: Actor) -> bool:
    """Whether the actor may run calls somewhere."""
    return bool(actor.scopes_with(LEAD))


def is_juror_somewhere(actor: Actor) -> bool:
    """Whether the actor may be on a jury somewhere."""
    return bool(actor.scopes_with(JUROR))


def is_call_page_public(call: Call) -> bool:
    """Whether strangers read its page: opted in, and no draft."""
    return call.shown_at is not None and call.state is not CallState.DRAFT

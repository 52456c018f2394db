"""Who reads committees and their records, and who plans and closes them."""

from typing import Any

from sqlalchemy import ColumnElement, exists

from portal.oversight.committees.models import Committee
from portal.people.programmes import policy as programmes
from portal.people.programmes.models import Programme, RoleAssignment
from portal.platform.kernel.access import Actor, Role


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Committees of programmes whose portfolio the actor reads."""
    return Committee.programme_id.in_(actor.scopes_with(*programmes.PORTFOLIO_READERS))


def led_by_person_condition(person_id: Any) -> ColumnElement[bool]:
    """Condition on committees: a person, by id or as a bound parameter, leads their programme."""
    return exists().where(
        RoleAssignment.scope_id == Committee.programme_id,
        RoleAssignment.person_id == person_id,
        RoleAssignment.role == Role.PROGRAMME_LEAD,
    )


def can_read(actor: Actor, programme: Programme) -> bool:
    return programmes.can_read_portfolio(actor, programme)


def can_read_record(actor: Actor, programme: Programme, committee: Committee) -> bool:
    """A closed record, whoever reads its committee; an open one is a draft of the programme's leads."""
    return committee.closed_at is not None or can_manage(actor, programme)


def can_manage(actor: Actor, programme: Programme) -> bool:
    """Plan, change and close: the programme's leads."""
    return programmes.can_lead(actor, programme)

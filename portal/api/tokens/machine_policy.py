"""Permissions on machine accounts, and the roles that they may have. No other file decides them."""

from portal.people.programmes import policy as programmes
from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Actor, Role

# Roles that a machine may have in a programme: a person must answer for every other one.
MACHINE_ROLES = (Role.OBSERVER, Role.OPERATOR, Role.PROGRAMME_LEAD)


def can_manage(actor: Actor, programme: Programme) -> bool:
    """The leads of the programme."""
    return programmes.can_lead(actor, programme)


def machine_role_choices() -> dict[Role, object]:
    """The roles of machines with their names."""
    return {role: programmes.ROLE_LABELS[role] for role in MACHINE_ROLES}

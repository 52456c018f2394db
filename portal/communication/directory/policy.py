"""Who may open the directory, and what they may change there.

The directory shows the names of programmes and projects only: being an administrator grants no
access to their content.
"""

from portal.people.accounts import policy as accounts
from portal.people.accounts.models import Person
from portal.people.programmes import policy as programmes
from portal.people.programmes.models import RoleAssignment, Scope
from portal.platform.kernel.access import Actor, Role

ADMINISTRATOR = programmes.ADMINISTRATOR


def can_open_directory(actor: Actor) -> bool:
    return accounts.can_manage_people(actor)


def can_close_account(actor: Actor, person: Person) -> bool:
    return accounts.can_disable(actor, person)


def can_make_administrator(actor: Actor) -> bool:
    return programmes.can_administer(actor)


def can_end_role(actor: Actor, scope: Scope, assignment: RoleAssignment) -> bool:
    return programmes.can_end_role(actor, scope, assignment)


def is_administrator_role(role: Role) -> bool:
    return role is ADMINISTRATOR

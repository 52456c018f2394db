"""Who may join two accounts: an administrator who owns neither of them."""

from portal.people.accounts import policy as accounts
from portal.people.accounts.models import Person
from portal.platform.kernel.access import Actor


def can_open_account_joins(actor: Actor) -> bool:
    return accounts.can_manage_people(actor)


def can_join(actor: Actor, goes: Person, stays: Person) -> bool:
    """Tell whether the actor may: nobody gains roles, or loses their account, by their own act."""
    return can_open_account_joins(actor) and actor.person_id not in (goes.id, stays.id)

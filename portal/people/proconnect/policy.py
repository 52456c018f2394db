"""Permissions on links to ProConnect: people manage their own."""

from portal.people.accounts import policy as accounts
from portal.people.accounts.models import Person
from portal.people.proconnect.models import FederatedIdentity
from portal.platform.kernel.access import Actor


def can_link(actor: Actor, person: Person) -> bool:
    return accounts.can_edit_profile(actor, person)


def can_unlink(actor: Actor, identity: FederatedIdentity) -> bool:
    return actor.person_id == identity.person_id

"""Permissions on accounts: people manage their own, administrators enable and disable any."""

from portal.people.accounts.models import PASSWORD_MIN, PASSWORD_MIN_ADMINISTRATOR, OpenSession, Person
from portal.platform.kernel.access import Actor, Role


def can_edit_profile(actor: Actor, person: Person) -> bool:
    return actor.person_id == person.id


def can_end_session(actor: Actor, session: OpenSession) -> bool:
    return actor.person_id == session.person_id


def can_manage_people(actor: Actor) -> bool:
    return bool(actor.scopes_with(Role.ADMINISTRATOR))


def can_disable(actor: Actor, person: Person) -> bool:
    """Tell whether the actor may disable an account: an administrator, except their own account."""
    return can_manage_people(actor) and actor.person_id != person.id


def min_password_length(actor: Actor) -> int:
    """Return the minimum length of this person's password, in characters."""
    return PASSWORD_MIN_ADMINISTRATOR if can_manage_people(actor) else PASSWORD_MIN

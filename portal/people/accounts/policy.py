"""Who may do what with an account. People manage their own, administrators open and close all."""

from portal.people.accounts.models import (
    PASSWORD_MIN,
    PASSWORD_MIN_ADMINISTRATOR,
    OpenSession,
    Person,
)
from portal.platform.kernel.access import Actor, Role


def can_edit_profile(actor: Actor, person: Person) -> bool:
    return actor.person_id == person.id


def can_end_session(actor: Actor, session: OpenSession) -> bool:
    return actor.person_id == session.person_id


def can_manage_people(actor: Actor) -> bool:
    return bool(actor.scopes_with(Role.ADMINISTRATOR))


def can_disable(actor: Actor, person: Person) -> bool:
    """Nobody closes their own account: an administrator would lock the door from outside."""
    return can_manage_people(actor) and actor.person_id != person.id


def min_password_length(actor: Actor) -> int:
    """How long a password this person must choose, in characters."""
    return PASSWORD_MIN_ADMINISTRATOR if can_manage_people(actor) else PASSWORD_MIN

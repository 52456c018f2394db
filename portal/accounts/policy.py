"""Who may do what with an account. People manage their own; the rest is for later floors."""

from portal.accounts.models import PASSWORD_MIN, PASSWORD_MIN_ADMINISTRATOR, OpenSession, Person
from portal.kernel.access import Actor, Role


def can_edit_profile(actor: Actor, person: Person) -> bool:
    return actor.person_id == person.id


def can_end_session(actor: Actor, session: OpenSession) -> bool:
    return actor.person_id == session.person_id


def least_password(actor: Actor) -> int:
    """How long a password this person must choose, in characters."""
    return PASSWORD_MIN_ADMINISTRATOR if actor.scopes_with(Role.ADMINISTRATOR) else PASSWORD_MIN

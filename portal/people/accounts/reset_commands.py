"""Commands on forgotten passwords: request a letter, and set a new password by its link."""

from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa

from portal.people.accounts import commands, policy, queries
from portal.people.accounts.models import PasswordReset, Person, SignedInPerson
from portal.people.accounts.password_rules import PortalPasswordHasher
from portal.platform.kernel import audit, clock, outbox
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, flush_session, lock_row, separate_transaction

LINK_LIFE = timedelta(hours=1)

REQUESTED = audit.Action("person.asked_password")


def request_password_reset(email: str) -> None:
    """Queue a letter with a link if an open account has this address.

    Runs the same statements either way, so that response times do not reveal accounts: without an
    account, a second unused row stands for the letter.
    """
    person = queries.find_open_account(email)
    reset = _add_password_reset(person)
    audit.record(None, REQUESTED, reset, scope_id=None)
    if person is None:
        _add_password_reset(None)
        outbox.wake_sender_after_commit()
    else:
        commands.queue_mail_to(person, "password-reset", id=str(reset.id), name=person.name)


def _add_password_reset(person: Person | None) -> PasswordReset:
    reset = PasswordReset(person_id=person and person.id, expires_at=clock.now() + LINK_LIFE)
    db.session.add(reset)
    return reset


def end_session_and_add_reset(signed_in: SignedInPerson) -> PasswordReset:
    """End the new session of a person whose password is too short for their roles.

    Returns the request by which they choose another one. A role may be given after the password
    was chosen, and the hash does not tell its length.
    """
    signed_in.session.ended_at = clock.now()
    reset = _add_password_reset(signed_in.person)
    audit.record(Actor(signed_in.person.id, {}), REQUESTED, reset, scope_id=None)
    flush_session()  # sets the id that is stored in the browser's session
    return reset


def delete_resets_before(before: datetime) -> int:
    """Delete requests that expired before a moment; return their number."""
    expired = sa.delete(PasswordReset).where(PasswordReset.expires_at < before)
    with separate_transaction() as session:
        return cast("sa.CursorResult[Any]", session.execute(expired)).rowcount


def reset_password_by_link(actor: Actor, reset_id: UUID, new: str, passwords: PortalPasswordHasher) -> Person:
    """Set the password of the person to whom the letter went, who is the actor; return the person.

    Ends all sessions and other links. Locks the request, so that its link works once: raises
    `NotFound` afterwards. Raises `RuleBroken` on `password`.
    """
    lock_row(PasswordReset, reset_id)
    _reset, person = queries.get_reset_and_person(reset_id)
    commands.reset_password(actor, person, new, passwords, least=policy.min_password_length(actor))
    return person

"""Forgotten passwords: asking for a letter, and the new password that its link allows."""

from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa

from portal.people.accounts import commands, policy, queries
from portal.people.accounts.models import PasswordReset, Person, SignedIn
from portal.people.accounts.password_rules import Passwords
from portal.platform.kernel import audit, clock, outbox
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, flush_session, lock_row, separate_transaction

LINK_LIFE = timedelta(hours=1)

REQUESTED = audit.Action("person.asked_password")


def request_reset(email: str) -> None:
    """Queue a letter with a link, if an open account has this address.

    Whoever watches the clock learns nothing: the same statements are sent either way. The letter
    leaves later and elsewhere; where there is none to write, a row of no use is written for it.
    """
    person = queries.find_open_account(email)
    reset = _add_reset(person)
    audit.record(None, REQUESTED, reset, scope_id=None)
    if person is None:
        _add_reset(None)
        outbox.wake_sender()
    else:
        commands.queue_mail_to(person, "password-reset", id=str(reset.id), name=person.name)


def _add_reset(person: Person | None) -> PasswordReset:
    reset = PasswordReset(person_id=person and person.id, expires_at=clock.now() + LINK_LIFE)
    db.session.add(reset)
    return reset


def require_new_password(signed_in: SignedIn) -> PasswordReset:
    """Whoever signed in with a password too short for their roles chooses another before anything.

    A role may come after the password, whose length no hash tells. The session just opened ends.
    """
    signed_in.session.ended_at = clock.now()
    reset = _add_reset(signed_in.person)
    audit.record(Actor(signed_in.person.id, {}), REQUESTED, reset, scope_id=None)
    flush_session()  # its id goes with the browser
    return reset


def delete_resets_before(before: datetime) -> int:
    """Forget requests whose link ended before a moment; how many. The trail keeps the deeds."""
    old = sa.delete(PasswordReset).where(PasswordReset.expires_at < before)
    with separate_transaction() as session:
        return cast("sa.CursorResult[Any]", session.execute(old)).rowcount


def reset_by_link(actor: Actor, reset_id: UUID, new: str, passwords: Passwords) -> Person:
    """The new password of whoever the letter went to, who is the actor. Two at once: one counts.

    Every session ends, and every other link. Raises `NotFound` once the link has served, and
    `RuleBroken` on `password`.
    """
    lock_row(PasswordReset, reset_id)
    _reset, person = queries.get_reset(reset_id)
    commands.reset_password(actor, person, new, passwords, least=policy.min_password_length(actor))
    return person

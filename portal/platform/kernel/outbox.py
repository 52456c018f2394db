"""Transactional outbox of mails: rows written in the transaction of their cause, sent afterwards.

A command queues a mail and knows no server. A rollback sends nothing, a commit loses nothing. Rows
hold no secret: tokens are derived from row ids when the mail is rendered (`tokens.TokenSealer`).

A sender claims rows under a lease, sends outside of any transaction, then marks them. When a sender
dies, its lease expires and another sender retries with the same `message_key`: at-least-once
delivery. `claim`, `mark_sent`, `postpone_letter`, `give_up`, `withdraw`, `release_lease` and
`delete_sent_letters` each run in a short transaction of their own.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy import event
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.platform.kernel import clock
from portal.platform.kernel.database import Entity, db, separate_transaction
from portal.platform.kernel.identifiers import new_id
from portal.platform.kernel.wal_truncation import truncate_wal_now

ADDRESS_MAX = 254  # characters: RFC 5321, 4.5.3.1.3
PROBLEM_MAX = 300  # characters
FORGOTTEN = "forgotten"  # a fact: the row goes once the mail left or was given up
_QUEUED_KEY = "letters queued"  # key in `session.info`, until the transaction ends


class OutboxMessage(Entity):
    """A mail to one address. `due_at` moves with each attempt; the row stays after sending."""

    __tablename__ = "outbox_message"
    __table_args__ = (
        sa.Index(
            "ix_outbox_message_waiting",
            "due_at",
            sqlite_where=sa.text("sent_at IS NULL AND given_up_at IS NULL"),
            postgresql_where=sa.text("sent_at IS NULL AND given_up_at IS NULL"),
        ),
    )

    kind: Mapped[str] = mapped_column(sa.String(64))  # templates/platform/mail/letters/<kind>
    person_id: Mapped[UUID | None]  # no foreign key: the kernel does not import people
    address: Mapped[str] = mapped_column(sa.String(ADDRESS_MAX))
    locale: Mapped[str] = mapped_column(sa.String(2))
    facts: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    message_key: Mapped[str] = mapped_column(sa.String(64), unique=True)  # local part of the Message-ID
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(sa.String(PROBLEM_MAX), default="")


_IS_WAITING = sa.and_(OutboxMessage.sent_at.is_(None), OutboxMessage.given_up_at.is_(None))


def queue_letter(
    kind: str,
    *,
    address: str,
    locale: str,
    facts: Mapping[str, Any] | None = None,
    person_id: UUID | None = None,
    message_key: str | None = None,
) -> OutboxMessage:
    """Queue a mail in the current transaction. `facts` fill its template: plain JSON values.

    `message_key` is unique: a second mail with the same key raises `IntegrityError` at the flush.
    """
    message = OutboxMessage(
        kind=kind,
        person_id=person_id,
        address=address,
        locale=locale,
        facts=dict(facts or {}),
        message_key=message_key or new_id().hex,
        due_at=clock.now(),
    )
    db.session.add(message)
    wake_sender_after_commit()
    return message


def has_queued_letter(message_key: str) -> bool:
    """Whether a mail with this key was queued, sent or not."""
    same_key = sa.select(OutboxMessage.id).where(OutboxMessage.message_key == message_key)
    return db.session.scalar(same_key) is not None


def wake_sender_after_commit() -> None:
    """Wake the worker after the commit, also without a mail: its absence must not be observable."""
    db.session.info[_QUEUED_KEY] = True


def init_app(app: Flask, wake_worker: Callable[[], None]) -> None:
    """Call `wake_worker` after each commit that queued a mail; it must not raise."""
    app.extensions["outbox"] = wake_worker


@event.listens_for(db.session, "after_commit")
def _wake_after_commit(session: Session) -> None:
    if not session.in_nested_transaction() and session.info.pop(_QUEUED_KEY, False):
        current_app.extensions["outbox"]()


@event.listens_for(db.session, "after_rollback")
def _forget_after_rollback(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(_QUEUED_KEY, None)


@dataclass(frozen=True, kw_only=True)
class ClaimedLetter:
    """A mail leased to this sender until `leased_until`; `attempts` includes the current one."""

    id: UUID
    kind: str
    person_id: UUID | None
    address: str
    locale: str
    facts: Mapping[str, Any]
    message_key: str
    created_at: datetime
    attempts: int
    leased_until: datetime


def claim_due_letters(limit: int, lease: timedelta) -> Sequence[ClaimedLetter]:
    """Lease up to `limit` mails that are due and not leased, longest due first."""
    now = clock.now()
    free = sa.or_(OutboxMessage.leased_until.is_(None), OutboxMessage.leased_until <= now)
    due = (
        sa.select(OutboxMessage)
        .where(_IS_WAITING, OutboxMessage.due_at <= now, free)
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
        .limit(limit)
        .with_for_update(skip_locked=True)  # SQLite locks at BEGIN IMMEDIATE
    )
    with separate_transaction() as session:
        rows = session.scalars(due).all()
        for row in rows:
            row.leased_until = now + lease
            row.attempts += 1
        return [_build_claimed_letter(row, now + lease) for row in rows]


def _build_claimed_letter(row: OutboxMessage, until: datetime) -> ClaimedLetter:
    return ClaimedLetter(
        id=row.id,
        kind=row.kind,
        person_id=row.person_id,
        address=row.address,
        locale=row.locale,
        facts=row.facts,
        message_key=row.message_key,
        created_at=row.created_at,
        attempts=row.attempts,
        leased_until=until,
    )


def mark_sent(letter: ClaimedLetter) -> None:
    """Mark a mail as sent, whoever holds the lease by now; one that is to be forgotten goes."""
    if letter.facts.get(FORGOTTEN):
        _delete_letter_and_traces(letter)
        return
    with separate_transaction() as session:
        session.execute(
            _build_unsent_update(letter).values(
                sent_at=clock.now(), given_up_at=None, leased_until=None, problem=""
            )
        )


def postpone_letter(letter: ClaimedLetter, until: datetime, problem: str) -> None:
    """Retry at `until`, unless another sender holds the lease."""
    with separate_transaction() as session:
        _update_if_leased(session, letter, due_at=until, problem=problem[:PROBLEM_MAX])


def give_up_letter(letter: ClaimedLetter, problem: str) -> None:
    """Stop retrying, until an administrator asks for it (`reset_given_up_letter`); one that is to be
    forgotten goes."""
    if letter.facts.get(FORGOTTEN):
        _delete_letter_and_traces(letter)
        return
    with separate_transaction() as session:
        _update_if_leased(session, letter, given_up_at=clock.now(), problem=problem[:PROBLEM_MAX])


def withdraw_letter(letter: ClaimedLetter) -> None:
    """Delete an unsent mail that has nothing left to say, or whose address is to be forgotten."""
    with separate_transaction() as session:
        session.execute(
            sa.delete(OutboxMessage).where(OutboxMessage.id == letter.id, OutboxMessage.sent_at.is_(None))
        )


def _delete_letter_and_traces(letter: ClaimedLetter) -> None:
    """Delete a mail and, on SQLite, what the log still holds of its address."""
    withdraw_letter(letter)
    truncate_wal_now(clock.now())


def release_lease(letter: ClaimedLetter) -> None:
    """Return an untried mail, so that another sender may claim it at once."""
    with separate_transaction() as session:
        _update_if_leased(session, letter, attempts=OutboxMessage.attempts - 1)


def _build_unsent_update(letter: ClaimedLetter) -> sa.Update:
    return sa.update(OutboxMessage).where(OutboxMessage.id == letter.id, OutboxMessage.sent_at.is_(None))


def _update_if_leased(session: Session, letter: ClaimedLetter, **values: Any) -> None:
    """Update a mail; no effect when another sender holds the lease."""
    still_leased = _build_unsent_update(letter).where(OutboxMessage.leased_until == letter.leased_until)
    session.execute(still_leased.values(values | {"leased_until": None}))


def delete_sent_letters(before: datetime) -> int:
    """Delete mails sent before a moment (recipients are personal data); returns their number."""
    old = sa.delete(OutboxMessage).where(OutboxMessage.sent_at < before)
    with separate_transaction() as session:
        return cast("sa.CursorResult[Any]", session.execute(old)).rowcount


def reset_given_up_letter(row: OutboxMessage) -> None:
    """Queue a given-up mail again with its attempts at 0, in the current transaction."""
    row.given_up_at, row.leased_until, row.attempts = None, None, 0
    row.due_at = clock.now()
    db.session.info[_QUEUED_KEY] = True

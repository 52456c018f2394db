"""Queries of the outbox. Raise `NotFound` for anybody but administrators."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa

from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.outbox import OutboxMessage
from portal.platform.mail import policy

PER_PAGE = 25


class LetterState(StrEnum):
    GIVEN_UP = "given_up"
    WAITING = "waiting"
    SENT = "sent"


_SENT = OutboxMessage.sent_at.is_not(None)
_GIVEN_UP = sa.and_(OutboxMessage.sent_at.is_(None), OutboxMessage.given_up_at.is_not(None))
_WAITING = sa.and_(OutboxMessage.sent_at.is_(None), OutboxMessage.given_up_at.is_(None))
_CONDITIONS_BY_STATE = {
    LetterState.SENT: _SENT,
    LetterState.GIVEN_UP: _GIVEN_UP,
    LetterState.WAITING: _WAITING,
}


@dataclass(frozen=True)
class LetterPage:
    """A page of mails of one state, latest first; `number` and `pages` count from 1."""

    letters: Sequence[OutboxMessage]
    number: int
    pages: int


def count_letters_by_state(actor: Actor) -> Mapping[LetterState, int]:
    """The number of mails by state."""
    _require_administrator(actor)
    counts = [sa.func.count(sa.case((condition, 1))) for condition in _CONDITIONS_BY_STATE.values()]
    row = db.session.execute(sa.select(*counts).select_from(OutboxMessage)).one()
    return dict(zip(_CONDITIONS_BY_STATE, row, strict=True))


def read_letter_page(actor: Actor, state: LetterState, number: int, count: int) -> LetterPage:
    """The requested page of `count` mails, or the last page."""
    _require_administrator(actor)
    pages = max(1, -(-count // PER_PAGE))
    number = max(1, min(number, pages))
    rows = sa.select(OutboxMessage).where(_CONDITIONS_BY_STATE[state]).order_by(OutboxMessage.id.desc())
    page_rows = rows.limit(PER_PAGE).offset((number - 1) * PER_PAGE)
    return LetterPage(db.session.scalars(page_rows).all(), number, pages)


def get_letter(actor: Actor, letter_id: UUID) -> OutboxMessage:
    _require_administrator(actor)
    letter = db.session.get(OutboxMessage, letter_id)
    if letter is None:
        raise NotFound
    return letter


def lock_given_up_letters(actor: Actor, limit: int) -> Sequence[OutboxMessage]:
    """Given-up mails, oldest first, with their rows locked."""
    _require_administrator(actor)
    rows = sa.select(OutboxMessage).where(_GIVEN_UP).order_by(OutboxMessage.id)
    return db.session.scalars(rows.limit(limit).with_for_update()).all()


def letter_state_of(letter: OutboxMessage) -> LetterState:
    if letter.sent_at is not None:
        return LetterState.SENT
    return LetterState.GIVEN_UP if letter.given_up_at is not None else LetterState.WAITING


def _require_administrator(actor: Actor) -> None:
    if not policy.can_read_outbox(actor):
        raise NotFound

"""Reading the outbox, for administrators; for everybody else it is not there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa

from portal.delivery import policy
from portal.kernel.access import Actor
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.kernel.outbox import OutboxMessage

PER_PAGE = 25


class State(StrEnum):
    GIVEN_UP = "given_up"
    WAITING = "waiting"
    SENT = "sent"


_SENT = OutboxMessage.sent_at.is_not(None)
_GIVEN_UP = sa.and_(OutboxMessage.sent_at.is_(None), OutboxMessage.given_up_at.is_not(None))
_WAITING = sa.and_(OutboxMessage.sent_at.is_(None), OutboxMessage.given_up_at.is_(None))
_IN = {State.SENT: _SENT, State.GIVEN_UP: _GIVEN_UP, State.WAITING: _WAITING}


@dataclass(frozen=True)
class Page:
    """Letters of one state, the latest first; `number` and `pages` count from 1."""

    letters: Sequence[OutboxMessage]
    number: int
    pages: int


def count_letters(actor: Actor) -> Mapping[State, int]:
    _require(actor)
    counts = [sa.func.count(sa.case((condition, 1))) for condition in _IN.values()]
    row = db.session.execute(sa.select(*counts).select_from(OutboxMessage)).one()
    return dict(zip(_IN, row, strict=True))


def list_letters(actor: Actor, state: State, number: int, count: int) -> Page:
    """The page asked for out of `count` letters, or the last one when there are fewer."""
    _require(actor)
    pages = max(1, -(-count // PER_PAGE))
    number = max(1, min(number, pages))
    rows = sa.select(OutboxMessage).where(_IN[state]).order_by(OutboxMessage.id.desc())
    shown = rows.limit(PER_PAGE).offset((number - 1) * PER_PAGE)
    return Page(db.session.scalars(shown).all(), number, pages)


def get_letter(actor: Actor, letter_id: UUID) -> OutboxMessage:
    _require(actor)
    letter = db.session.get(OutboxMessage, letter_id)
    if letter is None:
        raise NotFound
    return letter


def list_given_up(actor: Actor, limit: int) -> Sequence[OutboxMessage]:
    """The oldest first, held so that two who ask at once do not both have them."""
    _require(actor)
    rows = sa.select(OutboxMessage).where(_GIVEN_UP).order_by(OutboxMessage.id)
    return db.session.scalars(rows.limit(limit).with_for_update()).all()


def state_of(letter: OutboxMessage) -> State:
    if letter.sent_at is not None:
        return State.SENT
    return State.GIVEN_UP if letter.given_up_at is not None else State.WAITING


def _require(actor: Actor) -> None:
    if not policy.can_read_outbox(actor):
        raise NotFound

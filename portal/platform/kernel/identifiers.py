"""Identifiers that sort by creation time (UUID version 7, RFC 9562)."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from itertools import count
from uuid import UUID

from uuid_utils.compat import uuid7

_RANDOM_BITS = 44  # after the serial number, of the 74 bits that a version 7 leaves free
_LOW_BITS = 62  # of these 74, those after the variant
_serial = count()
_dated: ContextVar[datetime | None] = ContextVar("dated", default=None)


def new_id() -> UUID:
    """A new identifier; inside of `date_identifiers_at`, of that moment."""
    moment = _dated.get()
    return uuid7() if moment is None else _make_id(moment)


@contextmanager
def date_identifiers_at(moment: datetime) -> Iterator[None]:
    """Date new identifiers at a moment, for the demonstration's past events: in the order in which
    they are made."""
    token = _dated.set(moment)
    try:
        yield
    finally:
        _dated.reset(token)


def _make_id(moment: datetime) -> UUID:
    free = next(_serial) << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
    high, low = free >> _LOW_BITS, free & (1 << _LOW_BITS) - 1
    return UUID(int=lowest_id_at(moment).int | 0x7 << 76 | high << 64 | 0b10 << 62 | low)


def lowest_id_at(moment: datetime) -> UUID:
    """A lower bound of the ids created at or after a moment, to the millisecond."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)

"""Identifiers that sort by creation time (UUID version 7, RFC 9562)."""

from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    return uuid7()


def first_id_at(moment: datetime) -> UUID:
    """A lower bound of the ids created at or after a moment, to the millisecond."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)

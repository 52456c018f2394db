"""Identifiers that sort by the moment they were made (UUID version 7, RFC 9562)."""

from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    return uuid7()


def first_id_at(moment: datetime) -> UUID:
    """No id that was made from that moment on, to the millisecond, comes before this one."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)

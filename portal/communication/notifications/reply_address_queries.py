"""The address by which one person replies to one notification: signed, for them alone.

Its local part holds the fact and a mark of fact and person, in letters and digits whose case does
not matter, since servers on the way may change it. It is 52 characters long, of 64 at most.
"""

import base64
import binascii
import re
from uuid import UUID

from sqlalchemy import select

from portal.communication.notifications.models import Notification
from portal.platform.kernel.database import db
from portal.platform.kernel.tokens import TokenSealer

PURPOSE = "reply"
_LOCAL = re.compile(r"r-([a-z2-7]{26})([a-z2-7]{24})", re.IGNORECASE)


def reply_address(sealer: TokenSealer, row: Notification, domain: str) -> str:
    fact = base64.b32encode(row.fact_id.bytes).decode().rstrip("=").lower()
    return (
        f"r-{fact}{sealer.short_mark(PURPOSE, _signed_text(row.fact_id, row.person_id))}@{domain}"
    )


def find_replied_notification(sealer: TokenSealer, local_part: str) -> Notification | None:
    """What an address was made for, and for whom; None for one that was not made here."""
    matched = _LOCAL.fullmatch(local_part)
    if matched is None:
        return None
    try:
        fact_id = UUID(bytes=base64.b32decode(f"{matched[1].upper()}======"))
    except (binascii.Error, ValueError):
        return None
    candidates = select(Notification).where(Notification.fact_id == fact_id)
    for row in db.session.scalars(candidates):
        if sealer.is_mark_of(PURPOSE, _signed_text(row.fact_id, row.person_id), matched[2]):
            return row
    return None


def _signed_text(fact_id: UUID, person_id: UUID) -> str:
    return f"{fact_id.hex} {person_id.hex}"

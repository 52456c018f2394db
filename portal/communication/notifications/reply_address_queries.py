"""Reply addresses: signed, one for each notification and person.

The local part contains the fact's id and a signature of fact and person, in base32, because mail
servers may change its case. It is 52 characters long (RFC 5321 allows 64).
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
    return f"r-{fact}{sealer.compute_short_mac(PURPOSE, _text_to_sign(row.fact_id, row.person_id))}@{domain}"


def find_replied_notification(sealer: TokenSealer, local_part: str) -> Notification | None:
    """The notification of a reply address; None if the signature is invalid."""
    match = _LOCAL.fullmatch(local_part)
    if match is None:
        return None
    try:
        fact_id = UUID(bytes=base64.b32decode(f"{match[1].upper()}======"))
    except (binascii.Error, ValueError):
        return None
    candidates = select(Notification).where(Notification.fact_id == fact_id)
    for row in db.session.scalars(candidates):
        if sealer.is_mac_of(PURPOSE, _text_to_sign(row.fact_id, row.person_id), match[2]):
            return row
    return None


def _text_to_sign(fact_id: UUID, person_id: UUID) -> str:
    return f"{fact_id.hex} {person_id.hex}"

"""Links in letters: opening one stores its purpose and id in the browser's session.

The page that follows has a URL without the token, which keeps it out of histories, logs and
referrers. Opening a link changes nothing, because mail scanners open every link.
"""

from uuid import UUID

from flask import session

from portal.platform.kernel.services import get_service
from portal.platform.kernel.tokens import TokenSealer

_SESSION_KEY = "link"

RESET_PURPOSE = "password-reset"


def unseal_and_remember_mail_link(token: str, *purposes: str) -> tuple[str, UUID] | None:
    """Return the purpose and id in a sealed token, stored for the next page; None if invalid."""
    sealer = get_service(TokenSealer)
    for purpose in purposes:
        id_ = sealer.open(purpose, token)
        if id_ is not None:
            remember_link(purpose, id_)
            return purpose, id_
    return None


def remember_link(purpose: str, id_: UUID) -> None:
    """Store a purpose and id for the next page; without a letter, after a sign-in."""
    session[_SESSION_KEY] = [purpose, id_.hex]


def find_opened_link(*purposes: str) -> tuple[str, UUID] | None:
    """Return the stored purpose and id if the purpose is one of these."""
    purpose, id_ = session.get(_SESSION_KEY, ("", ""))
    return (purpose, UUID(hex=id_)) if purpose in purposes else None


def forget_link() -> None:
    session.pop(_SESSION_KEY, None)

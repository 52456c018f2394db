"""Links in letters. Opening one only remembers it, in the browser's session.

The page that follows has an address without the token, so that no history, no log and no referrer
holds it; and mail scanners that open every link decide nothing.
"""

from typing import cast
from uuid import UUID

from flask import current_app, session

from portal.platform.kernel.tokens import TokenSealer

_SESSION_KEY = "link"

PASSWORD_RESET = "password-reset"


def open_mail_link(token: str, *purposes: str) -> tuple[str, UUID] | None:
    """The purpose and id that a token was sealed for, kept for the next page; None for others."""
    sealer = cast(TokenSealer, current_app.extensions["sealer"])
    for purpose in purposes:
        id_ = sealer.open(purpose, token)
        if id_ is not None:
            remember_link(purpose, id_)
            return purpose, id_
    return None


def remember_link(purpose: str, id_: UUID) -> None:
    """For the next page, without a letter: where this browser has just shown who it is."""
    session[_SESSION_KEY] = [purpose, id_.hex]


def find_opened_link(*purposes: str) -> tuple[str, UUID] | None:
    """What was kept last, if it was for one of these."""
    purpose, id_ = session.get(_SESSION_KEY, ("", ""))
    return (purpose, UUID(hex=id_)) if purpose in purposes else None


def forget_link() -> None:
    session.pop(_SESSION_KEY, None)

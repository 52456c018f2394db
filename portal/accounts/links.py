"""Links in letters. Opening one only remembers it, in the browser's session.

The page that follows has an address without the token, so that no history, no log and no referrer
holds it; and mail scanners that open every link decide nothing.
"""

from typing import cast
from uuid import UUID

from flask import current_app, session

from portal.kernel.secrets import Sealer

_HELD = "link"

RESET = "password-reset"


def hold(token: str, *purposes: str) -> tuple[str, UUID] | None:
    """The purpose and id that a token was sealed for, kept for the next page; None for others."""
    sealer = cast(Sealer, current_app.extensions["sealer"])
    for purpose in purposes:
        id_ = sealer.open(purpose, token)
        if id_ is not None:
            keep(purpose, id_)
            return purpose, id_
    return None


def keep(purpose: str, id_: UUID) -> None:
    """For the next page, without a letter: where this browser has just shown who it is."""
    session[_HELD] = [purpose, id_.hex]


def held(*purposes: str) -> tuple[str, UUID] | None:
    """What was kept last, if it was for one of these."""
    purpose, id_ = session.get(_HELD, ("", ""))
    return (purpose, UUID(hex=id_)) if purpose in purposes else None


def drop() -> None:
    session.pop(_HELD, None)

"""Browsers that signed in before: their tries are counted apart, so that a stranger locks out nobody.

A cookie holds the sealed id of the browser for the address that signed in there last.
"""

from uuid import UUID, uuid4

from flask import Response

from portal.platform.kernel.services import get_service
from portal.platform.kernel.tokens import TokenSealer
from portal.platform.web.cookies import read_cookie, set_cookie
from portal.platform.web.rate_limits import network, typed_email

COOKIE = "known"


def remember_browser(response: Response, email: str) -> None:
    """Let this browser be known to the sign-in of an address."""
    sealed = get_service(TokenSealer).seal(_purpose(email), _find_browser(email) or uuid4())
    set_cookie(response, COOKIE, sealed)


def known_browser() -> str | None:
    """The browser and the typed address, if they signed in together before."""
    email = typed_email()
    browser = _find_browser(email) if email else None
    return f"{email} {browser.hex}" if browser else None


def unknown_browser_and_network() -> str | None:
    """The typed address and the network, for a browser that is not known to it."""
    email = typed_email()
    return f"{email} {network()}" if email and not _find_browser(email) else None


def unknown_browser() -> str | None:
    """The typed address, for all browsers that are not known to it."""
    email = typed_email()
    return email if email and not _find_browser(email) else None


def _find_browser(email: str) -> UUID | None:
    return get_service(TokenSealer).open(_purpose(email), read_cookie(COOKIE))


def _purpose(email: str) -> str:
    return f"known browser {email}"

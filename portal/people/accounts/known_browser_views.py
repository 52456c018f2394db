"""Browsers that signed in before: their tries are counted apart, so that a stranger locks out nobody.

A cookie holds the sealed id of the browser for the address that signed in there last, another one
for the account whose second factor was proved there last: whoever knows a password has the first.
"""

from uuid import UUID, uuid4

from flask import Response

from portal.people.accounts.models import Person
from portal.platform.kernel.services import get_service
from portal.platform.kernel.tokens import TokenSealer
from portal.platform.web.cookies import read_cookie, set_cookie
from portal.platform.web.rate_limits import network, own_account, typed_email

COOKIE, PROVED_COOKIE = "known", "proved"


def remember_browser(response: Response, email: str) -> None:
    """Let this browser be known to the sign-in of an address."""
    sealed = get_service(TokenSealer).seal(
        _browser_seal_purpose(email), _read_known_browser_id(email) or uuid4()
    )
    set_cookie(response, COOKIE, sealed)


def known_browser_limit_key() -> str | None:
    """The browser and the typed address, if they signed in together before."""
    email = typed_email()
    browser = _read_known_browser_id(email) if email else None
    return f"{email} {browser.hex}" if browser else None


def unknown_browser_and_network_limit_key() -> str | None:
    """The typed address and the network, for a browser that is not known to it."""
    email = typed_email()
    return f"{email} {network()}" if email and not _read_known_browser_id(email) else None


def unknown_browser_limit_key() -> str | None:
    """The typed address, for all browsers that are not known to it."""
    email = typed_email()
    return email if email and not _read_known_browser_id(email) else None


def remember_proved_browser(response: Response, person: Person) -> None:
    """Let this browser be known to the second factor of a person who just proved it here."""
    account = person.id.hex
    sealed = get_service(TokenSealer).seal(
        _proof_seal_purpose(account), _read_proved_browser_id(account) or uuid4()
    )
    set_cookie(response, PROVED_COOKIE, sealed)


def proved_browser_limit_key() -> str | None:
    """The browser and its account, if the account's second factor was proved there before."""
    account = own_account()
    browser = _read_proved_browser_id(account) if account else None
    return f"{account} {browser.hex}" if browser else None


def unproved_browsers_limit_key() -> str | None:
    """The account, for all browsers where its second factor was never proved."""
    account = own_account()
    return account if account and not _read_proved_browser_id(account) else None


def _read_proved_browser_id(account: str) -> UUID | None:
    return get_service(TokenSealer).open(_proof_seal_purpose(account), read_cookie(PROVED_COOKIE))


def _proof_seal_purpose(account: str) -> str:
    return f"proved browser {account}"


def _read_known_browser_id(email: str) -> UUID | None:
    return get_service(TokenSealer).open(_browser_seal_purpose(email), read_cookie(COOKIE))


def _browser_seal_purpose(email: str) -> str:
    return f"known browser {email}"

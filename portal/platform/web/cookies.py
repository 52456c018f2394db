"""Cookies: `__Host-` and Secure over https, out of scripts' reach.

Signatures are HMAC-SHA-256. Version 0.2.0, which may serve beside this one, makes HMAC-SHA-1 and
reads both; so does this one, whose next version reads SHA-256 alone.
"""

import hashlib

from flask import Flask, Response, current_app, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from itsdangerous import Signer
from itsdangerous.serializer import Serializer

from portal.platform.web.api_problems import is_api_request

YEAR = 365 * 24 * 3600  # seconds
PREFIX = "__Host-"
KEY_DERIVATIONS = ("hmac", "django-concat")  # of Flask's session, of all else


class SignedSession(SecureCookieSessionInterface):
    """Flask's session in a cookie that is signed with HMAC-SHA-256."""

    digest_method = staticmethod(hashlib.sha256)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Send the cookie; never with an answer of the API, which depends on none."""
        if not is_api_request():
            super().save_session(app, session, response)


def init_app(app: Flask) -> None:
    """Sign with SHA-256, and accept what the version before signs: the session, form tokens and links."""
    app.session_interface = SignedSession()
    Signer.default_digest_method = staticmethod(hashlib.sha256)
    Serializer.default_fallback_signers = [
        {"digest_method": hashlib.sha1, "key_derivation": derivation} for derivation in KEY_DERIVATIONS
    ]


def set_cookie(response: Response, name: str, value: str, *, seconds: int = YEAR) -> None:
    """Store a value in this browser, for this host alone; scripts cannot read it."""
    response.set_cookie(
        _full_cookie_name(name),
        value,
        max_age=seconds,
        samesite="Lax",
        httponly=True,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )


def read_cookie(name: str) -> str:
    """What this browser stored under a name; "" if nothing."""
    return request.cookies.get(_full_cookie_name(name), "")


def delete_cookie(response: Response, name: str) -> None:
    is_secure = current_app.config["SESSION_COOKIE_SECURE"]
    response.delete_cookie(_full_cookie_name(name), secure=is_secure, httponly=True, samesite="Lax")


def _full_cookie_name(name: str) -> str:
    return f"{PREFIX}{name}" if current_app.config["SESSION_COOKIE_SECURE"] else name

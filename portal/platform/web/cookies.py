"""Cookies: `__Host-` and Secure over https, out of scripts' reach.

Version 0.1.0 may serve beside this one and reads signatures of HMAC-SHA-1 alone. This version makes
those and reads HMAC-SHA-256 too; the next one makes these.
"""

import hashlib

from flask import Flask, Response, current_app, request
from itsdangerous.serializer import Serializer

YEAR = 365 * 24 * 3600  # seconds
PREFIX = "__Host-"
KEY_DERIVATIONS = ("hmac", "django-concat")  # of Flask's session, of all else


def init_app(_app: Flask) -> None:
    """Accept what the next version signs: the session, form tokens and links in mails."""
    Serializer.default_fallback_signers = [
        {"digest_method": hashlib.sha256, "key_derivation": derivation} for derivation in KEY_DERIVATIONS
    ]


def set_cookie(response: Response, name: str, value: str, *, seconds: int = YEAR) -> None:
    """Store a value in this browser, for this host alone; scripts cannot read it."""
    response.set_cookie(
        _full_name(name),
        value,
        max_age=seconds,
        samesite="Lax",
        httponly=True,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )


def read_cookie(name: str) -> str:
    """What this browser stored under a name; "" if nothing."""
    return request.cookies.get(_full_name(name), "")


def delete_cookie(response: Response, name: str) -> None:
    is_secure = current_app.config["SESSION_COOKIE_SECURE"]
    response.delete_cookie(_full_name(name), secure=is_secure, httponly=True, samesite="Lax")


def _full_name(name: str) -> str:
    return f"{PREFIX}{name}" if current_app.config["SESSION_COOKIE_SECURE"] else name

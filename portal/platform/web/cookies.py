"""Cookies: `__Host-` and Secure over https, out of scripts' reach, signed with HMAC-SHA-256."""

import hashlib
from typing import Any

from flask import Flask, Response, current_app, request
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import Signer

YEAR = 365 * 24 * 3600  # seconds
PREFIX = "__Host-"


class SessionSignature(SecureCookieSessionInterface):
    """Flask's session cookie, signed with SHA-256 instead of SHA-1."""

    digest_method: Any = staticmethod(hashlib.sha256)


def init_app(app: Flask) -> None:
    """Sign the session, and what Flask-WTF signs, with SHA-256."""
    app.session_interface = SessionSignature()
    Signer.default_digest_method = staticmethod(hashlib.sha256)


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

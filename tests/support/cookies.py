"""Session cookies without a sign-in."""

from typing import Any

from flask import Flask

from portal.people.accounts import commands as accounts
from portal.people.accounts.models import Person


def session_cookie(app: Flask, person: Person, **held: str) -> tuple[str, str]:
    """Return name and value of a cookie with a new session (not committed) and `held` data."""
    sessions: Any = app.session_interface
    held["_user_id"] = accounts.open_session(person).token
    return app.config["SESSION_COOKIE_NAME"], sessions.get_signing_serializer(app).dumps(held)

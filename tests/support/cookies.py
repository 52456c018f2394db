"""The cookie of somebody who is signed in, without a sign-in."""

from typing import Any

from flask import Flask

from portal.people.accounts import commands as accounts
from portal.people.accounts.models import Person


def session_cookie(app: Flask, person: Person, **held: str) -> tuple[str, str]:
    """Its name and value, for a new session of theirs (not committed); `held` is in it too."""
    sessions: Any = app.session_interface
    held["_user_id"] = accounts.open_session(person).token
    return app.config["SESSION_COOKIE_NAME"], sessions.get_signing_serializer(app).dumps(held)

"""A live portal for browser tests: gunicorn on a port, and access to its database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from portal.people.accounts.models import Person
from portal.platform.kernel.database import db
from tests.support import server
from tests.support.cookies import session_cookie

ONE_WORKER = {"WEB_CONCURRENCY": "1", "WEB_THREADS": "8"}


@dataclass(frozen=True)
class Portal:
    """Its URL, its environment, and an application on the same database to prepare data."""

    url: str
    env: dict[str, str]
    app: Flask

    def session_of(self, email: str) -> tuple[str, str]:
        """Return name and value of the cookie of a signed-in person."""
        with self.app.app_context():
            person = db.session.query(Person).filter_by(email=email).one()
            cookie = session_cookie(self.app, person)
            db.session.commit()
        return cookie

    def endpoint(self, path: str) -> str:
        """Return the endpoint of a path; raises werkzeug's `NotFound`."""
        found: str = self.app.url_map.bind("").match(path)[0]
        return found


@contextmanager
def portal(make_app: Callable[..., Flask], data: Path, **given: str) -> Iterator[Portal]:
    """Serve a migrated portal on SQLite with the given data folder and settings."""
    env = server.variables(data, **ONE_WORKER, **given)
    beside = make_app(**given | {"DATA_DIR": str(data), "PORT": env["PORT"]})
    with beside.app_context():
        upgrade()
    with server.serve(env) as url:
        yield Portal(url, env, beside)
    with beside.app_context():
        db.engine.dispose()

"""An application per engine, a fresh database per test, and people who are already signed in."""

import gc
import math
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
import sqlalchemy as sa
from flask import Flask

from portal.app.administration.installation import InstallationStateCache
from portal.app.application.factory import create_app
from portal.people.accounts import commands as accounts
from portal.people.accounts.models import Person
from portal.platform.kernel import settings
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.services import get_service
from portal.platform.web import assets
from portal.project.projects.models import Project
from tests.support import factories as make
from tests.support import postgresql
from tests.support.browser import Browser
from tests.support.databases import Fresh
from tests.support.distribution import (  # noqa: F401  hooks
    pytest_collection_modifyitems,
    pytest_runtest_protocol,
    pytest_xdist_make_scheduler,
)
from tests.support.skips import pytest_terminal_summary  # noqa: F401  a hook: the last sentence
from tests.support.tallies import pytest_sessionfinish, tell  # noqa: F401  a hook and its fixture
from tests.support.turns import THOROUGH

# A machine that is slow makes no test fail; without THOROUGH each run takes thirty other examples.
_PATIENT = {"suppress_health_check": [hypothesis.HealthCheck.too_slow]}
hypothesis.settings.register_profile("in turns", max_examples=30, **_PATIENT)
hypothesis.settings.register_profile("thorough", **_PATIENT)
hypothesis.settings.load_profile("thorough" if THOROUGH else "in turns")

ENGINES = ("sqlite", "postgresql")
MEMORY = Path("/dev/shm")
ROOM = 2 * 1024**3

# In memory where there is room: portals and databases wait for the disk at every commit, and what
# a killed process leaves is the same there.
if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
    tempfile.tempdir = str(MEMORY)


def pytest_collection_finish() -> None:
    """What was collected stays to the end: it need not be looked through for rubbish again.

    Nor was it until then: see `tests/__init__.py`.
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    gc.enable()


@pytest.fixture(scope="session")
def server() -> Iterator[sa.URL]:
    """A PostgreSQL server, started when a test first needs it."""
    with postgresql.server() as url:
        yield url


@pytest.fixture(scope="session")
def durable_server() -> Iterator[sa.URL]:
    """One that waits for the disk: a portal served by gunicorn refuses any other."""
    with postgresql.server(durable=True) as url:
        yield url


@pytest.fixture(scope="session")
def make_app(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Flask]:
    """Applications for tests; variables are those of the environment."""
    assets.build()

    def make(**variables: str) -> Flask:
        folder = tmp_path_factory.mktemp("data")
        usual = {
            "DATA_DIR": str(folder),
            "SECRET_KEY": "for tests only, and long enough to be taken for one",
            "PASSWORD_MEMORY_KIB": "8",
            "LOG_LEVEL": "error",
            "DEMARCHES_URL": "https://demarches.invalid/graphql",  # nobody there
        }
        app = create_app(settings.load_settings(usual | variables))
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
        get_service(InstallationStateCache, app).refresh_after = math.inf  # until a command changes it
        return app

    return make


@pytest.fixture(scope="session", params=ENGINES)
def house(request: pytest.FixtureRequest, make_app: Callable[..., Flask]) -> Iterator[tuple[Flask, Fresh]]:
    """One application and its migrated database, for all tests of an engine."""
    variables = {}
    if request.param == "postgresql":
        worker = getattr(request.config, "workerinput", {}).get("workerid", "one")
        url = postgresql.create_database(request.getfixturevalue("server"), f"portal_{worker}")
        variables["DATABASE_URL"] = url.render_as_string(hide_password=False)
    app = make_app(**variables)
    fresh = Fresh(app)
    yield app, fresh
    with app.app_context():
        db.session.remove()
        assert not (fresh.server and fresh.server.left()), "written by whom the sweeper knows not"
        db.engine.dispose()


@pytest.fixture
def app(house: tuple[Flask, Fresh]) -> Iterator[Flask]:
    """The application with nothing in it but the installation, inside its context."""
    app, fresh = house
    with app.app_context():
        fresh.restore()
        reader = get_service(InstallationStateCache, app)
        reader.forget_state()
        reader.refresh(app)
        db.session.remove()
        yield app
        db.session.remove()


@pytest.fixture
def browser_for(app: Flask) -> Callable[[Person | None], Browser]:
    """A browser in which a person is signed in; None: a stranger's."""

    def open_browser(person: Person | None) -> Browser:
        client = app.test_client()
        if person is not None:
            signed_in = accounts.open_session(person)
            db.session.commit()
            with client.session_transaction() as session:
                session["_user_id"] = signed_in.token
        return Browser(client)

    return open_browser


@pytest.fixture
def project(app: Flask) -> Project:
    """What many rooms begin with, and some make otherwise."""
    return make.project(slug="heron")


@pytest.fixture
def person(project: Project) -> Person:
    """Of its team."""
    return make.role(project.id, Role.TEAM_MEMBER)


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """The SQL sent so far, so that a page can be held to a budget."""
    sent: list[str] = []

    def note(*args: object) -> None:
        if not str(args[2]).startswith("PRAGMA"):  # how SQLite is asked, now and then
            sent.append(str(args[2]))

    sa.event.listen(db.engine, "before_cursor_execute", note)
    yield sent
    sa.event.remove(db.engine, "before_cursor_execute", note)

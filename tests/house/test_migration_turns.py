"""Migrations run one at a time, and wait for a table's lock without stopping everybody else."""

import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from migrations import locks
from portal.platform.kernel import migration_state
from portal.platform.kernel.database import db
from tests.support import postgresql
from tests.support import server as portal_server

VERSIONS = migration_state.MIGRATIONS / "versions"


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_processes_that_migrate_at_once_take_turns(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    variables = {}
    if engine == "postgresql":
        url = postgresql.create_database(request.getfixturevalue("durable_server"), "migrated_by_two")
        variables["DATABASE_URL"] = url.render_as_string(hide_password=False)
    env = portal_server.variables(tmp_path, **variables)
    words = [sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"]
    running = [
        subprocess.Popen(words, cwd=portal_server.ROOT, env=env, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    ended = [(process.communicate(timeout=120)[1], process.returncode) for process in running]
    assert [code for _, code in ended] == [0, 0], ended


@contextmanager
def table_in_use(url: sa.URL) -> Iterator[sa.Connection]:
    """Somebody holds the lock that the next migration needs, until they roll back."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as reader:
        reader.execute(sa.text("LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE"))
        yield reader


@pytest.fixture
def half_migrated(
    make_app: Callable[..., Flask], server: sa.URL, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Flask, sa.URL]]:
    """A portal on PostgreSQL at its first migration, which waits one second for a lock."""
    url = postgresql.create_database(server, "migration_turns")
    app = make_app(DATABASE_URL=url.render_as_string(hide_password=False))
    monkeypatch.setattr(locks, "PAUSE", 0.1)
    monkeypatch.setattr(locks, "LOCK_TIMEOUT", 1)
    with app.app_context():
        upgrade(revision="0001")
        yield app, url
        db.session.remove()
        db.engine.dispose()


def test_a_migration_gives_up_its_place_in_the_queue_and_comes_again(half_migrated) -> None:
    app, url = half_migrated
    with table_in_use(url) as reader:
        migration = threading.Thread(target=_migrate, args=(app,))
        migration.start()
        time.sleep(2.5)  # it gave up twice by now
        assert migration.is_alive()
        reader.rollback()
        migration.join(60)
    assert migration_state.find_schema_migration() == "0002"


def _migrate(app: Flask) -> None:
    with app.app_context():
        upgrade(revision="0002")
        db.session.remove()


def test_a_lock_that_never_comes_is_an_error(half_migrated, monkeypatch) -> None:
    monkeypatch.setattr(locks, "ATTEMPTS", 2)
    with table_in_use(half_migrated[1]), pytest.raises(sa.exc.OperationalError, match="lock timeout"):
        upgrade(revision="0002")
    assert migration_state.find_schema_migration() == "0001"


def test_the_lock_of_a_file_leaves_nothing_behind(make_app: Callable[..., Flask]) -> None:
    app = make_app()
    with app.app_context():
        upgrade(revision="0001")
        folder = Path(str(db.engine.url.database)).parent
        assert {path.name.split("-")[0] for path in folder.glob("portal*")} == {"portal.db"}
        db.engine.dispose()


def test_migrations_are_numbered_one_by_one() -> None:
    """Code knows its distance to a newer schema by the numbers."""
    numbers = sorted(path.name[:4] for path in VERSIONS.glob("*.py"))
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]
    for path in VERSIONS.glob("*.py"):
        assert re.search(rf'^revision\b.*= "{path.name[:4]}"$', path.read_text(), re.MULTILINE), path.name

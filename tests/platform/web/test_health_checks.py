"""What probes are told: alive, started, ready, and migrations away."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from portal.platform.kernel.database import db
from portal.platform.kernel.migration_state import count_migrations_ahead, find_schema_misfit, head_migration

_watched: list[list[str]] = []
OUTSIDE = ("open", "os.listdir", "os.scandir", "socket.", "sqlite3.", "subprocess.")


def _note(event: str, arguments: tuple[object, ...]) -> None:
    if _watched and event.startswith(OUTSIDE):
        _watched[-1].append(f"{event} {arguments[:1]}")


sys.addaudithook(_note)  # for the life of the process: it notes only within `watched`


@contextmanager
def watched() -> Iterator[list[str]]:
    """What this process asks of files, sockets and databases within the block."""
    events: list[str] = []
    _watched.append(events)
    try:
        yield events
    finally:
        _watched.pop()


@pytest.fixture
def ask_at(app: Flask) -> Iterator[Callable[[str, int], TestResponse]]:
    """A probe's answer when the schema is so many migrations ahead of the code."""

    def ask(path: str, distance: int) -> TestResponse:
        _write(f"{int(head_migration()) + distance:04}")
        return app.test_client().get(path)

    yield ask
    _write(head_migration())


def _write(number: str) -> None:
    db.session.execute(sa.text("UPDATE alembic_version SET version_num = :number"), {"number": number})
    db.session.commit()


def test_live_touches_nothing_outside(app):
    client = app.test_client()
    client.get("/health/live")  # the first request imports and compiles
    with watched() as events:
        assert client.get("/health/live").get_json() == {"status": "live"}
    assert events == []
    with watched() as events, open("/dev/null"):  # noqa: PTH123  what the watch must see
        pass
    assert events


@pytest.mark.parametrize(
    ("distance", "status", "said"),
    [
        (0, 200, "ready"),
        (1, 200, "serving, one migration behind"),
        (-1, 200, "serving, one migration ahead"),
        (12, 200, "serving, 12 migrations behind"),
        (-2, 503, "unready"),
    ],
)
def test_code_and_schema_may_be_apart(ask_at, distance, status, said):
    answer = ask_at("/health/ready", distance)
    assert (answer.status_code, answer.get_json()["status"]) == (status, said)
    assert ("why" in answer.get_json()) == (distance != 0)


RENAMED = "ALTER TABLE comment RENAME COLUMN body TO words"


@pytest.mark.parametrize(
    ("changes", "ways_back", "why"),
    [
        ([RENAMED], ["ALTER TABLE comment RENAME COLUMN words TO body"], "no comment.body any more"),
        (
            [RENAMED, "ALTER TABLE comment ADD COLUMN body VARCHAR"],
            ["ALTER TABLE comment DROP COLUMN body", "ALTER TABLE comment RENAME COLUMN words TO body"],
            "demands comment.words",
        ),
        (
            ["ALTER TABLE comment ADD COLUMN tone VARCHAR DEFAULT '' NOT NULL"],
            ["ALTER TABLE comment DROP COLUMN tone"],
            "",
        ),
        (["CREATE TABLE next_release (id INTEGER NOT NULL)"], ["DROP TABLE next_release"], ""),
    ],
    ids=["column gone", "column demanded", "column with default", "new table"],
)
def test_a_newer_schema_serves_while_it_holds_what_this_code_uses(ask_at, changes, ways_back, why):
    find_schema_misfit.cache_clear()
    _change(changes)
    try:
        answer = ask_at("/health/ready", 3).get_json()
    finally:
        _change(ways_back)
        find_schema_misfit.cache_clear()
    assert answer["status"] == ("unready" if why else "serving, 3 migrations behind")
    assert why in answer["why"]


def _change(statements: list[str]) -> None:
    for statement in statements:
        db.session.execute(sa.text(statement))
    db.session.commit()


@pytest.mark.parametrize(("distance", "status"), [(-1, 503), (0, 200), (1, 200), (5, 200)])
def test_the_start_waits_for_migrations(ask_at, distance, status):
    answer = ask_at("/health/started", distance)
    assert answer.status_code == status
    if status == 503:
        assert f"migration {head_migration()}" in answer.get_json()["why"]


@pytest.mark.parametrize("schema", ["", "0000", "main", "00x1"])
def test_a_schema_of_no_release_is_at_no_distance(schema):
    assert count_migrations_ahead(schema) is None


@pytest.mark.parametrize("probe", ["live", "started", "ready"])
def test_probes_answer_by_any_name_and_without_https(make_app, app, monkeypatch, probe):
    monkeypatch.setitem(app.config, "TRUSTED_HOSTS", ["portail.example"])
    client = app.test_client()
    asked = {"Host": "10.1.2.3:8000", "X-Forwarded-Proto": "http"}
    assert client.get(f"/health/{probe}", headers=asked).status_code == 200
    assert client.get("/legal", headers=asked).status_code == 400
    assert client.get("/legal", headers={"Host": "portail.example"}).status_code == 200


def test_a_missing_asset_is_no_page_and_is_not_kept(app):
    for path in ("/static/all.0123456789ab.js", "/static/", "/static/nothing/here.css"):
        answer = app.test_client().get(path)
        assert answer.status_code == 404
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.mimetype == "text/plain"
        assert answer.data == b""

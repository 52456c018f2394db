"""A PostgreSQL that may lose acknowledged commits is refused."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.platform.kernel import durability, timeouts
from portal.platform.kernel.database import db
from tests.support import postgresql, server
from tests.support.databases import migrate
from tests.support.proxy import proxy


@pytest.fixture(scope="module")
def unsafe() -> Iterator[postgresql.Embedded]:
    with postgresql.embedded(postgresql.UNSAFE_BUT_FAST) as one:
        postgresql.create_database(one.url, "unsafe")
        yield one


def address(one: postgresql.Embedded) -> str:
    return one.url.set(database="unsafe").render_as_string(hide_password=False)


@contextmanager
def demanding(app: Flask) -> Iterator[list[str]]:
    """The faults at the start of the web server, with an application context."""
    with app.app_context():
        yield durability.refuse_undurable_connections(db.engine)
        db.session.remove()
        db.engine.dispose()


def first_words(sentences: list[str]) -> list[str]:
    return [sentence.split()[0] for sentence in sentences]


def test_an_unsafe_server_stops_the_start_with_a_sentence_for_each_fault(
    unsafe: postgresql.Embedded, tmp_path: Path
) -> None:
    said = server.refusal(server.variables(tmp_path, DATABASE_URL=address(unsafe)))
    assert "The database may lose what it acknowledges:" in said
    assert "- fsync is off" in said
    assert "- full_page_writes is off" in said
    assert "synchronous_commit" not in said  # the portal sets it


def test_a_commit_that_cannot_be_made_to_wait_is_a_fault_too(
    unsafe: postgresql.Embedded, make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with a pooler that drops the options of a connection."""
    monkeypatch.setattr(timeouts, "_connect_parameters", lambda _="": {})
    with demanding(make_app(DATABASE_URL=address(unsafe))) as faults:
        assert first_words(faults) == ["fsync", "full_page_writes", "synchronous_commit"]


def test_a_durable_server_has_no_fault(durable_server: sa.URL, make_app: Callable[..., Flask]) -> None:
    url = durable_server.render_as_string(hide_password=False)
    with demanding(make_app(DATABASE_URL=url)) as faults:
        assert faults == []
        assert db.session.scalar(sa.text("SHOW synchronous_commit")) == "on"


def test_an_unsafe_server_that_comes_late_is_a_503_that_says_why(
    unsafe: postgresql.Embedded,
    make_app: Callable[..., Flask],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(timeouts, "RECONNECT_PAUSE", 0.0)
    with proxy(unsafe.socket) as line:
        line.refuse()
        app = make_app(DATABASE_URL=f"postgresql://postgres@127.0.0.1:{line.port}/unsafe")
        with demanding(app) as faults:
            assert faults == []
            line.accept()
            assert app.test_client().get("/sign-in").status_code == 503
            answer = app.test_client().get("/health/ready")
        assert answer.status_code == 503
        assert answer.get_json()["why"].startswith("fsync is off")
    assert "database not durable" in capsys.readouterr().out


def test_commands_get_more_time_than_pages(durable_server: sa.URL, make_app) -> None:
    url = postgresql.create_database(durable_server, "patience")
    app = make_app(DATABASE_URL=url.render_as_string(hide_password=False))
    asked = sa.text("SELECT current_setting('statement_timeout'), current_setting('lock_timeout')")
    migrate(app)
    with app.app_context():
        assert tuple(db.session.execute(asked).one()) == ("5min", "30s")
        db.session.remove()
        db.engine.dispose()
        with app.test_request_context("/"):
            assert tuple(db.session.execute(asked).one()) == ("3200ms", "3s")
            db.session.remove()
        db.engine.dispose()


def test_ready_says_so_when_a_server_stops_waiting_while_the_portal_serves(
    make_app: Callable[..., Flask],
) -> None:
    """A reload of the server's settings makes no new connection, so `connect` checks nothing."""
    with postgresql.embedded() as one:
        url = postgresql.create_database(one.url, "changed")
        app = make_app(DATABASE_URL=url.render_as_string(hide_password=False))
        with demanding(app) as faults:
            assert faults == []
            migrate(app)
            assert app.test_client().get("/health/ready").get_json()["status"] == "ready"
            turn_off(one.url, "fsync")
            answer = app.test_client().get("/health/ready")
    assert answer.status_code == 503
    assert answer.get_json()["why"].startswith("fsync is off")


def turn_off(url: sa.URL, name: str) -> None:
    """Wait until the server has the setting."""
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"ALTER SYSTEM SET {name} = off"))
        connection.execute(sa.text("SELECT pg_reload_conf()"))
    engine.dispose()
    for _ in range(100):
        with engine.connect() as fresh:
            if fresh.scalar(sa.text(f"SHOW {name}")) == "off":
                break
        time.sleep(0.05)
    engine.dispose()

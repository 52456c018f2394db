"""A reader beside a writer that holds SQLite's lock: counted attempts wait for it, marks do not."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from portal.api.tokens.commands import record_token_use
from portal.api.tokens.models import ApiToken
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.web.api_versions import current_api_version
from tests.support import api
from tests.support import factories as make
from tests.support.databases import migrate

LONGER_THAN_A_MARK_WAITS = 1.2  # seconds


@pytest.fixture
def app(make_app: Callable[..., Flask], tmp_path: Path) -> Flask:
    app = make_app(DATA_DIR=str(tmp_path))
    migrate(app)
    return app


@contextmanager
def writing(file: Path, seconds: float) -> Iterator[None]:
    """Hold the write lock of a database for some seconds, from another connection."""
    is_held = threading.Event()

    def hold() -> None:
        writer = sqlite3.connect(file, isolation_level=None)
        writer.execute("BEGIN IMMEDIATE")
        is_held.set()
        time.sleep(seconds)
        writer.execute("ROLLBACK")
        writer.close()

    thread = threading.Thread(target=hold)
    thread.start()
    assert is_held.wait(10)
    yield
    thread.join()


def test_a_reading_request_waits_for_the_writer_and_leaves_no_mark(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        text = api.token(make.role(make.project(slug="heron").id, Role.TEAM_LEAD))
        db.session.remove()
    client, headers = app.test_client(), {"Authorization": f"Bearer {text}"}
    with writing(tmp_path / "portal.db", LONGER_THAN_A_MARK_WAITS):
        started = time.monotonic()
        answer = client.get("/api/v1/projects/heron", headers=headers)
    assert answer.status_code == 200
    assert time.monotonic() - started >= LONGER_THAN_A_MARK_WAITS / 2, "it counted no request"
    with app.app_context():
        assert db.session.query(ApiToken.last_used_at).scalar() is not None
        db.session.remove()


def test_a_mark_is_skipped_while_others_write(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        id_ = api.token_id(make.role(make.project(slug="heron").id, Role.TEAM_LEAD))
        db.session.remove()
        with writing(tmp_path / "portal.db", LONGER_THAN_A_MARK_WAITS):
            record_token_use(id_, None, current_api_version().name)
        assert db.session.query(ApiToken.last_used_at).scalar() is None
        db.session.remove()
        record_token_use(id_, None, current_api_version().name)
        assert db.session.query(ApiToken.last_used_at).scalar() is not None
        db.session.remove()

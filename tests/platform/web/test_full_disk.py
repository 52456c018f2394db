"""A full disk: reads succeed, writes are refused with a page and rolled back."""

import re
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.collaboration.discussions.models import COMMENT_MAX, Comment
from portal.people.accounts.models import Person
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.web import health_checks
from tests.support import factories as make
from tests.support.browser import Browser, words_of
from tests.support.databases import Fresh

NO_ROOM = """
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
CREATE TRIGGER no_room BEFORE INSERT ON audit_event EXECUTE FUNCTION no_room();
"""


@pytest.fixture
def full_disk(app: Flask, house: tuple[Flask, Fresh]) -> Iterator[Callable[[], None]]:
    """A function that fills the disk: SQLite may not grow, PostgreSQL's trigger raises DiskFull."""
    house[1].restore(anew=True)

    def cap(connection: object, *_: object) -> None:
        connection.execute("PRAGMA max_page_count=1")  # type: ignore[attr-defined]  never below its size

    def fill() -> None:
        db.session.commit()
        if db.engine.dialect.name == "sqlite":
            sa.event.listen(db.engine, "checkout", cap)
        else:
            with db.engine.begin() as connection:
                connection.exec_driver_sql(NO_ROOM)

    yield fill
    db.session.rollback()
    if db.engine.dialect.name == "sqlite":
        if sa.event.contains(db.engine, "checkout", cap):
            sa.event.remove(db.engine, "checkout", cap)
        db.engine.dispose()
    else:
        with db.engine.begin() as connection:
            connection.exec_driver_sql("DROP FUNCTION IF EXISTS no_room CASCADE")


def test_a_full_disk_refuses_what_is_written_and_shows_what_is_there(
    browser_for: Callable[[Person], Browser], full_disk: Callable[[], None]
) -> None:
    project = make.project(slug="heron")
    browser = browser_for(make.role(project.id, Role.TEAM_MEMBER))
    page = browser.open("/projects/heron/discussions", method="GET").text
    to = re.search("/discussions/[0-9a-f-]+/threads", page)[0]
    full_disk()
    kept = 0
    for n in range(60):
        typed = {"thread-body": f"{n} ".ljust(COMMENT_MAX, "x"), "thread-form_key": f"{n:032}"}
        answer = browser.open(to, method="POST", data=typed)
        if answer.status_code != 303:
            break
        kept += 1
    assert answer.status_code == 507
    assert "n’a plus de place pour écrire" in answer.text
    assert db.session.query(Comment).count() == kept
    said = db.session.query(AuditEvent).filter_by(action="comment.started")
    assert said.count() == kept
    assert words_of(browser.visit("/projects/heron/discussions").h1)


def test_ready_says_when_the_disk_is_nearly_full(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    left = SimpleNamespace(free=health_checks.FREE_DISK_MIN - 1)
    monkeypatch.setattr("portal.platform.web.health_checks.shutil.disk_usage", lambda _: left)
    with app.app_context():
        answer = app.test_client().get("/health/ready")
    if get_service(Settings, app).is_sqlite:
        assert answer.status_code == 503
        assert "The disk is nearly full: 99 MB are left" in answer.json["why"]
    else:  # its disk is elsewhere
        assert answer.status_code == 200

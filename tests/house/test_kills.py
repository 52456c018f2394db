"""Kill workers, masters and databases while eight people write: nothing is lost or duplicated.

An acknowledged write exists once, with its audit event. Any other exists at most once; sent again
with the same idempotency key, it exists once.
"""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import psutil
import pytest
from flask import Flask

from portal.platform.kernel.database import db
from tests.support import postgresql, server, writers
from tests.support.aftermath import read_aftermath, writing
from tests.support.databases import migrate
from tests.support.turns import THOROUGH

ENGINES = ("sqlite", "postgresql")
WRITERS = 8
KILLS = int(os.environ.get("TEST_KILLS", "10"))  # per engine
BETWEEN, PATIENCE = 8, 6.0  # acknowledged writes before the next kill, or seconds


class Attack:
    """Kills one process after the other, and restarts those that do not recover by themselves."""

    def __init__(
        self, gunicorn: server.Gunicorn, database: postgresql.Embedded | None, people: list[writers.Writer]
    ) -> None:
        self._gunicorn = gunicorn
        self._database = database
        self._people = people
        self.done: Counter[str] = Counter()

    def run(self, kills: int) -> None:
        often = self.the_database if self._database else self.one_worker
        acts = [self.one_worker, often, self.the_master, often, self.one_worker]
        acts += [often, self.all_at_once, self.one_worker, often, self.one_worker]
        for n in range(kills):
            self._wait_for_writes()
            act = acts[n % len(acts)]
            act()
            self.done[act.__name__] += 1
        self._wait_for_writes()

    def _wait_for_writes(self) -> None:
        """Wait until enough writes are acknowledged, so that each kill interrupts writers."""
        began, until = self._written(), time.monotonic() + PATIENCE
        while self._written() < began + BETWEEN and time.monotonic() < until:
            time.sleep(0.01)

    def _written(self) -> int:
        return sum(len(person.told.kept) for person in self._people)

    def one_worker(self) -> None:
        workers = self._gunicorn.workers
        if workers:
            with suppress(psutil.NoSuchProcess):
                workers[0].kill()

    def the_master(self) -> None:
        """Kill the master; its workers notice and stop."""
        self._gunicorn.process.kill()
        self._gunicorn.process.wait(10)
        self._gunicorn.start()

    def all_at_once(self) -> None:
        self._gunicorn.kill()
        self._gunicorn.start()

    def the_database(self) -> None:
        assert self._database is not None
        self._database.kill()
        self._database.start()


@contextmanager
def serving(env: dict[str, str]) -> Iterator[server.Gunicorn]:
    gunicorn = server.Gunicorn(env)
    try:
        gunicorn.wait()
        yield gunicorn
    finally:
        gunicorn.kill()


@pytest.mark.parametrize("engine", ENGINES if THOROUGH else ["sqlite"])  # a fleet has PostgreSQL
def test_kills_lose_and_double_nothing(
    engine: str, make_app: Callable[..., Flask], tmp_path: Path, tell: Callable[..., None]
) -> None:
    with postgresql.embedded() if engine == "postgresql" else nothing() as database:
        variables = {}
        if database:
            url = postgresql.create_database(database.url, "kills")
            variables["DATABASE_URL"] = url.render_as_string(hide_password=False)
        app = make_app(DATA_DIR=str(tmp_path), **variables)
        migrate(app)
        with app.app_context():
            emails = writers.scene(app, WRITERS)
            db.session.remove()
            db.engine.dispose()
        with serving(server.variables(tmp_path, **variables)) as gunicorn:
            clients = [httpx.Client(base_url=gunicorn.address, timeout=20) for _ in emails]
            people = [writers.Writer(clients[n], n, email) for n, email in enumerate(emails)]
            attack = Attack(gunicorn, database, people)
            with writing(people):
                attack.run(KILLS)
            logged = gunicorn.faults
        read_aftermath(app).check(people, tell, f"kills on {engine}", attack.done.total(), logged)


@contextmanager
def nothing() -> Iterator[None]:
    yield

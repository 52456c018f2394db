"""Kill workers, masters and databases while eight people write: nothing is lost or duplicated.

An acknowledged write exists once, with its audit event. Any other exists at most once; sent again
with the same idempotency key, it exists once.
"""

import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import psutil
import pytest
import sqlalchemy as sa
from flask import Flask

from portal.collaboration.discussions.models import Comment
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.sprints.sprints.models import Sprint
from tests.platform.kernel.tampering import walk
from tests.support import postgresql, server, writers
from tests.support.databases import migrate

WRITERS = 8
KILLS = int(os.environ.get("TEST_KILLS", "10"))  # per engine
BETWEEN, PATIENCE = 8, 6.0  # acknowledged writes before the next kill, or seconds
ACTIONS = {"comment": "comment.started", "plan": "sprint.planned", "close": "sprint.closed"}


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


@contextmanager
def writing(people: list[writers.Writer]) -> Iterator[None]:
    """Let all write until the end of the block; each finishes its last write."""
    over = threading.Event()

    def work(person: writers.Writer) -> None:
        n, chance = 0, random.Random(person.me)
        while not over.is_set():
            person.comment(n, stubborn=chance.random() < 0.5)
            n += 1
            if n % 3 == 0:
                person.sprint()

    with ThreadPoolExecutor(WRITERS) as pool:
        jobs = [pool.submit(work, person) for person in people]
        try:
            yield
        finally:
            over.set()
        for job in jobs:
            job.result()


def found(app: Flask) -> tuple[Counter[str], Counter[str], list[str]]:
    """Return counts of texts, counts of audit events, and the events that are missing."""
    with app.app_context():
        texts = Counter(db.session.scalars(sa.select(Comment.body)))
        for sprint in db.session.scalars(sa.select(Sprint)):
            texts[sprint.goal.replace("goal", "plan")] += 1
            if sprint.closed_at:
                texts[sprint.summary.replace("summary", "close")] += 1
        trail = Counter(db.session.scalars(sa.select(AuditEvent.action)))
        faults, _ = walk()
        db.session.remove()
        db.engine.dispose()
    return texts, trail, faults


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
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
        texts, trail, faults = found(app)
    told = [person.told for person in people]
    for person in people:
        person.client.close()
    first, later, unsure = (
        {text for one in told for text in getattr(one, kind)}
        for kind in ("acknowledged", "retried", "unsure")
    )
    promised = {text for text in first | later if not text.startswith("start")}
    lost = [text for text in promised if not texts[text]]
    doubled = [text for text, times in texts.items() if times > 1]
    statuses = sum((one.statuses for one in told), Counter())
    tell(
        f"kills on {engine}",
        kills=attack.done.total(),
        writes_acknowledged=len(first | later),
        at_a_later_attempt=len(later),
        unsure=len(unsure),
        lost=len(lost),
        doubled=len(doubled),
    )
    assert not lost
    assert not doubled
    assert set(texts) <= promised | unsure, "something that nobody wrote"
    for kind, action in ACTIONS.items():
        rows = sum(times for text, times in texts.items() if text.startswith(kind))
        assert trail[action] == rows, f"{kind}: rows and lines of the trail differ"
    assert not faults, "the chain of the trail broke"
    assert not statuses[500], "\n".join(gunicorn.faults)
    assert len(first | later) > KILLS, "too little was written to mean anything"


@contextmanager
def nothing() -> Iterator[None]:
    yield

"""Reloads and stops under load: every request gets a response."""

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from flask import Flask

from portal.collaboration.discussions.models import Comment
from portal.platform.kernel.database import db
from tests.support import server, writers
from tests.support.databases import migrate

RELOADS = int(os.environ.get("TEST_RELOADS", "3"))
STOPS = int(os.environ.get("TEST_STOPS", "2"))
WRITERS, READERS = 2, 4
PAUSE = 0.08  # seconds between two requests of a client, to leave CPU for the portal


class Load:
    """Writers and readers with keep-alive connections, and readers with new connections."""

    def __init__(self, address: str, emails: list[str]) -> None:
        self.writers = [writers.Writer(address, n, email) for n, email in enumerate(emails)]
        self.counts: Counter[int | str] = Counter()
        self._address = address
        self._over = threading.Event()

    @contextmanager
    def running(self) -> Iterator[None]:
        with ThreadPoolExecutor(WRITERS + READERS) as pool:
            jobs = [pool.submit(self._write, writer) for writer in self.writers]
            jobs += [pool.submit(self._read, kept_alive=bool(n % 2)) for n in range(READERS)]
            try:
                yield
            finally:
                self._over.set()
            for job in jobs:
                job.result()
        for writer in self.writers:
            self.counts += writer.told.statuses
            writer.client.close()

    @property
    def failed(self) -> dict[int | str, int]:
        return {status: n for status, n in self.counts.items() if status not in {200, 303}}

    def _write(self, writer: writers.Writer) -> None:
        n = 0
        while not self._over.is_set():
            writer.comment(n, stubborn=False)
            n += 1
            time.sleep(PAUSE)

    def _read(self, *, kept_alive: bool) -> None:
        client = httpx.Client(base_url=self._address, timeout=20)
        close = {} if kept_alive else {"Connection": "close"}
        seen: Counter[int | str] = Counter()
        while not self._over.is_set():
            try:
                seen[client.get("/sign-in", headers=close).status_code] += 1
            except httpx.TransportError as cut:
                seen[type(cut).__name__] += 1
            time.sleep(PAUSE)
        client.close()
        self.counts += seen


@pytest.fixture
def scene(make_app: Callable[..., Flask], tmp_path: Path) -> tuple[Flask, dict[str, str], list[str]]:
    app = make_app(DATA_DIR=str(tmp_path))
    migrate(app)
    with app.app_context():
        emails = writers.scene(app, WRITERS)
        db.session.remove()
        db.engine.dispose()
    return app, server.variables(tmp_path), emails


def kept(app: Flask) -> list[str]:
    with app.app_context():
        found = list(db.session.scalars(sa.select(Comment.body)))
        db.session.remove()
        db.engine.dispose()
    return sorted(found)


def acknowledged(load: Load) -> list[str]:
    return sorted(text for writer in load.writers for text in writer.told.acknowledged)


def test_reloads_under_load_fail_no_request(scene, tell) -> None:
    app, env, emails = scene
    one = server.Gunicorn(env)
    try:
        one.wait()
        load = Load(one.address, emails)
        with load.running():
            for _ in range(RELOADS):
                time.sleep(0.3)
                before = one.workers
                one.process.send_signal(signal.SIGHUP)
                until = time.monotonic() + 40
                while any(worker.is_running() for worker in before):
                    assert time.monotonic() < until, "the old workers stay"
                    time.sleep(0.05)
                one.wait_listening()
    finally:
        one.stop()
    failed = sum(load.failed.values())
    tell("reloads", reloads=RELOADS, requests=load.counts.total(), failed=failed)
    assert not load.failed
    assert kept(app) == acknowledged(load)


def test_stopping_one_of_two_masters_under_load_fails_no_request(scene, tell) -> None:
    """A new version starts on the same port before the old one stops."""
    app, env, emails = scene
    old = server.Gunicorn(env)
    try:
        old.wait()
        old.wait_listening()
        load = Load(old.address, emails)
        with load.running():
            for _ in range(STOPS):
                new = server.Gunicorn(env)
                new.wait_listening()
                old.stop()
                old = new
    finally:
        old.stop()
    failed = sum(load.failed.values())
    tell("stops", stops=STOPS, requests=load.counts.total(), failed=failed)
    assert not load.failed
    assert kept(app) == acknowledged(load)

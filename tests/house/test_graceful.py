"""Reloads and stops under load: every request gets a response."""

import os
import signal
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from flask import Flask

from portal.collaboration.discussions.models import Comment
from portal.platform.kernel.database import db
from tests.support import server, writers
from tests.support.databases import migrate
from tests.support.load import Load

RELOADS = int(os.environ.get("TEST_RELOADS", "3"))
STOPS = int(os.environ.get("TEST_STOPS", "2"))
WRITERS = 2


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


def test_reloads_under_load_fail_no_request(scene, tell) -> None:
    app, env, emails = scene
    one = server.Gunicorn(env)
    try:
        one.wait()
        load = Load(partial(httpx.Client, base_url=one.address, timeout=20), emails)
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
    assert kept(app) == load.acknowledged


def test_stopping_one_of_two_masters_under_load_fails_no_request(scene, tell) -> None:
    """A new version starts on the same port before the old one stops."""
    app, env, emails = scene
    old = server.Gunicorn(env)
    try:
        old.wait()
        old.wait_listening()
        load = Load(partial(httpx.Client, base_url=old.address, timeout=20), emails)
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
    assert kept(app) == load.acknowledged

"""A rolling upgrade and back: two versions behind nginx, under load and in a browser, on either engine."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, Page, Response

from portal.collaboration.discussions.models import Comment
from portal.people.privacy.models import DataExport, ExportStage
from portal.platform.kernel.database import db
from portal.platform.kernel.outbox import OutboxMessage
from tests.support import fleet, nginx, postgresql, server
from tests.support.fleet import Machine
from tests.support.hosting import PRODUCTION
from tests.support.load import Load
from tests.support.nginx import NAME, Front
from tests.support.ports import free_port
from tests.support.turns import THOROUGH, turn_of
from tests.support.writers import Writer, hidden_fields

pytestmark = pytest.mark.skipif(nginx.program() is None, reason=nginx.HOW_TO)

ENGINES = ("sqlite", "postgresql")
WRITERS = 2
# Seconds between two requests of a client: under more load versions start in twice the time.
PAUSE = 0.3 if THOROUGH else 1.0
PAGES = ("/", *(f"/projects/heron{path}" for path in ("", "/sprints", "/discussions", "/backlog")))
SCENE = f"""
import json
from portal.app.application.factory import create_app
from tests.support import writers
app = create_app()
with app.app_context():
    print(json.dumps(writers.scene(app, {WRITERS})))
"""


@pytest.fixture(params=ENGINES if THOROUGH else [turn_of("engine of a rolling upgrade", ENGINES)])
def env(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """The environment of all machines."""
    more = {}
    if request.param == "postgresql":
        worker = getattr(request.config, "workerinput", {}).get("workerid", "one")
        url = postgresql.create_database(request.getfixturevalue("durable_server"), f"fleet_{worker}")
        more["DATABASE_URL"] = url.render_as_string(hide_password=False)
    return server.variables(
        tmp_path / "data", **PRODUCTION | {"PORTAL_ENV": "development", "MAIL_URL": ""}, **more
    )


class Reader:
    """A signed-in browser that notes each answer which was not good."""

    def __init__(self, page: Page, front: Front, cookies: dict[str, str]) -> None:
        self.page, self._address = page, f"https://{NAME}:{front.https}"
        self.failures: list[str] = []
        self.answers = 0
        page.context.add_cookies(
            [{"name": name, "value": value, "url": self._address} for name, value in cookies.items()]
        )
        page.on("response", self._note)
        page.on("requestfailed", lambda request: self.failures.append(f"{request.failure} {request.url}"))
        page.on("pageerror", lambda error: self.failures.append(str(error)))

    def visit(self) -> None:
        """Open each page with an empty cache, so that its assets are asked for."""
        for path in PAGES:
            self.page.goto(self._address + path, wait_until="load")
            assert self.page.locator("h1").count() == 1, path

    def _note(self, answer: Response) -> None:
        self.answers += 1
        if answer.status >= 400:
            self.failures.append(f"{answer.status} {answer.url}")


class Work:
    """Letters and exports that one version asks for and a worker of the other makes."""

    def __init__(self, front: Front, load: Load, app: Flask) -> None:
        self._front, self._load, self._app = front, load, app

    def ask(self, writer: Writer) -> None:
        """Ask for a new password as nobody, and for one's data as a person."""
        assert writer.send("/profile/data", "/profile/data/exports")
        with self._front.client() as stranger:
            form = hidden_fields(stranger.get("/forgotten-password").text)
            answer = stranger.post("/forgotten-password", data=form | {"email": writer.email})
        assert answer.status_code == 303

    def wait(self, seconds: float = 60) -> None:
        """Wait until nothing waits; each letter and export was made at the first attempt."""
        until = time.monotonic() + seconds
        while (waiting := self._list_waiting()) and time.monotonic() < until:
            time.sleep(0.2)
        assert waiting == []
        with self._app.app_context():
            letters = db.session.execute(sa.select(OutboxMessage.attempts, OutboxMessage.problem)).all()
            exports = db.session.execute(sa.select(DataExport.attempts, DataExport.stage)).all()
            db.session.remove()
        assert set(letters) == {(1, "")}
        assert set(exports) == {(1, ExportStage.READY)}

    def _list_waiting(self) -> list[str]:
        letters = sa.select(OutboxMessage.kind).where(OutboxMessage.sent_at.is_(None))
        exports = sa.select(DataExport.stage).where(DataExport.stage == ExportStage.WAITING)
        with self._app.app_context():
            waiting = [*db.session.scalars(letters), *db.session.scalars(exports)]
            db.session.remove()
        return waiting


@contextmanager
def reading(browser: Browser, front: Front, cookies: dict[str, str]) -> Iterator[Reader]:
    context = browser.new_context(ignore_https_errors=True)
    page = context.new_page()
    context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
    yield Reader(page, front, cookies)
    context.close()


def test_a_rolling_upgrade_and_back_fails_no_request_and_loses_nothing(
    env: dict[str, str],
    tmp_path: Path,
    browser: Browser,
    make_app: Callable[..., Flask],
    tell: Callable[..., None],
) -> None:
    before = fleet.unpack_release_before(tmp_path / "before")
    now = fleet.copy_this_version(tmp_path / "now", before)
    (tmp_path / "data").mkdir()
    fleet.run_command(before, env, "-m", "flask", "--app", "wsgi", "db", "upgrade")
    emails = json.loads(fleet.run_command(before, env, "-c", SCENE))
    app = make_app(**{name: env[name] for name in ("DATA_DIR", "DATABASE_URL") if name in env})
    machines = [Machine(env, free_port()) for _ in range(2)]
    try:
        for machine in machines:
            machine.run(before)
        (tmp_path / "front").mkdir()
        with nginx.serve(tmp_path / "front", *(machine.port for machine in machines)) as front:
            load = Load(front.client, emails, PAUSE)
            with load.running(), reading(browser, front, dict(load.writers[0].client.cookies)) as reader:
                fleet.run_command(now, env, "-m", "flask", "--app", "wsgi", "db", "upgrade")
                reader.visit()
                work = Work(front, load, app)
                for version, writer in zip((now, before), load.writers, strict=True):
                    work.ask(writer)
                    for machine in machines:
                        machine.run(version)
                        reader.visit()
                    with fleet.working(version, env):
                        work.wait()
    finally:
        for machine in machines:
            machine.stop()
    failed = sum(load.failed.values())
    tell("rolling upgrades", requests=load.counts.total(), failed=failed, answers=reader.answers)
    assert reader.failures == []
    assert load.failed == {}
    fleet.run_command(now, env, "-m", "flask", "--app", "wsgi", "audit", "verify")
    with app.app_context():
        bodies = sorted(db.session.scalars(sa.select(Comment.body)))
        db.session.remove()
        db.engine.dispose()
    assert bodies == load.acknowledged
    assert bodies

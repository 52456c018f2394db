"""The examples of the guide run as they stand, against a served portal."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from portal.api.webhooks.models import Webhook
from portal.collaboration.discussions.models import Comment
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.sprints.backlog.models import Item
from portal.sprints.sprints.models import Sprint, SprintState
from tests.support import api, server
from tests.support import factories as make
from tests.support.ports import free_port

EXAMPLES = Path(__file__).resolve().parents[3] / "templates" / "api" / "reference"


@contextmanager
def receiver(port: int, folder: Path) -> Iterator[None]:
    """Run the receiver of the guide until the end of the block."""
    variables = {"PATH": os.environ["PATH"], "RECEIVER_PORT": str(port)}
    process = subprocess.Popen([sys.executable, EXAMPLES / "receiver.py"], env=variables, cwd=folder)
    try:
        wait_until_open(port)  # a delivery that finds nobody is tried again much later
        yield
    finally:
        process.terminate()
        process.wait(10)


def wait_until_open(port: int, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while True:
        with socket.socket() as knocking:
            if knocking.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert time.monotonic() < until, "the receiver does not listen"
        time.sleep(0.05)


def wait_for(path: Path, kind: str, seconds: float = 60) -> list[str]:
    """Return the lines of what was received, once a kind of event is among them."""
    until = time.monotonic() + seconds
    while not path.exists() or kind not in path.read_text():
        assert time.monotonic() < until, "nothing was received"
        time.sleep(0.1)
    return path.read_text().splitlines()


@pytest.mark.parametrize("portal", ["sqlite"], indirect=True)
def test_the_examples_run(portal: tuple[Flask, dict[str, str]], tmp_path: Path) -> None:
    app, env = portal
    env = env | {"OUTGOING_LOOPBACK": "1"}
    port = free_port()
    with app.app_context():
        token = api.token(make.role(make.project(slug="heron").id, Role.TEAM_LEAD))
        today = clock.today()
        db.engine.dispose()
    with server.serve(env) as address, server.work(env), receiver(port, tmp_path):
        variables = {
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            **{"PORTAL_URL": address, "PORTAL_TOKEN": token, "PROJECT": "heron"},
            **{"FIRST_DAY": str(today), "LAST_DAY": str(today + timedelta(days=13))},
            "RECEIVER_URL": f"http://127.0.0.1:{port}/",
        }
        # Twice: what a second run sends again acts once.
        for command in 2 * (["sh", EXAMPLES / "journey.sh"], [sys.executable, EXAMPLES / "journey.py"]):
            done = subprocess.run(command, env=variables, cwd=tmp_path, capture_output=True, check=False)
            assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
        received = wait_for(tmp_path / "received.txt", "item.")
    assert [line.split()[0] for line in received] == [str(n) for n in range(1, len(received) + 1)]
    assert {"sprint.planned", "sprint.started", "sprint.closed", "comment.started"} <= {
        line.split()[1] for line in received
    }
    with app.app_context():
        sprint = db.session.query(Sprint).one()
        assert (sprint.state, sprint.summary) == (SprintState.CLOSED, "Cent courriers triés.")
        assert db.session.query(Webhook).count() == 1
        assert [row.body for row in db.session.query(Comment)] == ["Fait par un script."]
        assert [(row.title, row.points) for row in db.session.query(Item)] == [("Relire le script", 2)]
        db.session.remove()
        db.engine.dispose()


def test_the_guide_is_a_page_for_everybody(browser_for) -> None:
    browser = browser_for(None)
    guide = browser.visit("/api")
    assert "problem+json" in guide.text
    assert "curl -sS" in guide.text
    for name in (
        "PORTAL_URL",
        "PORTAL_TOKEN",
        "PROJECT",
        "FIRST_DAY",
        "LAST_DAY",
        "RECEIVER_URL",
        "RECEIVER_PORT",
    ):
        assert any(name in text.get_text() for text in guide.select("section > p")), name
    assert "standardwebhooks" in guide.text
    whole = browser.visit("/api/explore").find(id="explorer")
    assert (whole["data-document"], "data-starts" in whole.attrs) == ("/api/v1/openapi.json", False)


def test_the_explorer_shows_an_area_at_once(app: Flask, browser_for) -> None:
    browser = browser_for(None)
    page = browser.visit("/api/explore?area=backlog")
    explorer = page.find(id="explorer")
    assert (explorer["data-document"], "data-starts" in explorer.attrs) == (
        "/api/v1/openapi.json?area=backlog",
        True,
    )
    assert page.find("a", attrs={"aria-current": "page"}, href="/api/explore?area=backlog")
    document = api.ApiClient(app, "").get("/openapi.json?area=backlog").get_json()
    tags = {each["tags"][0] for path in document["paths"].values() for each in path.values()}
    assert tags == {"backlog"}
    assert "Item" in document["components"]["schemas"]
    assert "Risk" not in document["components"]["schemas"]
    other = browser.visit("/api/explore?area=none").find(id="explorer")
    assert other["data-document"] == "/api/v1/openapi.json"

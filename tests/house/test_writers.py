"""Eight concurrent writers through gunicorn: no write is lost, duplicated or answered by a 500."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import httpx
import sqlalchemy as sa
from flask import Flask

from portal.collaboration.discussions.models import Comment
from portal.people.accounts.password_rules import PortalPasswordHasher
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.services import get_service
from portal.sprints.sprints.models import Sprint
from tests.support import factories as make
from tests.support import server
from tests.support.writers import PASSWORD, hidden_fields

WRITERS = 8
ROUNDS = 4


@dataclass
class Answers:
    """The statuses of responses, and the accepted texts."""

    statuses: list[int]
    accepted: set[str]
    closed: int = 0
    planned: int = 0


def scene(app: Flask) -> list[str]:
    """Create a project with an active sprint and eight members; return their addresses."""
    project = make.project(slug="heron")
    make.active_sprint(project)
    addresses = []
    for _ in range(WRITERS):
        member = make.role(project.id, Role.TEAM_MEMBER)
        member.password_hash = get_service(PortalPasswordHasher, app).hash(PASSWORD)
        addresses.append(member.email)
    db.session.commit()
    return addresses


class Writer:
    """A person with an HTTP client."""

    def __init__(self, address: str, email: str) -> None:
        self.client = httpx.Client(base_url=address, timeout=30)
        self.answers = Answers([], set())
        self._send("/sign-in", "/sign-in", email=email, password=PASSWORD)

    def _send(self, page: str, to: str, **typed: str) -> int:
        shown = self.client.get(page, follow_redirects=True)
        answer = self.client.post(to, data=hidden_fields(shown.text) | typed)
        self.answers.statuses += [shown.status_code, answer.status_code]
        return answer.status_code

    def write(self, me: int) -> Answers:
        board = "/projects/heron/sprints"
        for n in range(ROUNDS):
            text = f"Message {me}-{n}"
            started = re.search(
                r"/discussions/[0-9a-f-]+/threads", self.client.get("/projects/heron/discussions").text
            )
            assert started
            said = {"thread-body": text}
            if self._send("/projects/heron/discussions", started[0], **said) == 303:
                self.answers.accepted.add(text)
            # Each plans days of their own, and days over which all compete.
            own = {"starts_on": f"2030-{me + 1:02}-{2 * n + 1:02}"}
            self.answers.planned += self._plan(board, own["starts_on"])
            self.answers.planned += self._plan(board, f"2031-01-{n + 1:02}")
            close = {"outcome": "met", "summary": f"Clos par {me}", "blocker": "none"}
            if self._send(f"{board}/1/close", f"{board}/1/close", **close) == 303:
                self.answers.closed += 1
        self.client.close()
        return self.answers

    def _plan(self, board: str, day: str) -> bool:
        plan = {"goal": f"But du {day}", "starts_on": day, "ends_on": day}
        return self._send(f"{board}/plan", f"{board}/plan", **plan) == 303


def test_eight_writers_lose_nothing(portal: tuple[Flask, dict[str, str]]) -> None:
    app, env = portal
    with app.app_context():
        emails = scene(app)
        db.engine.dispose()
    with server.serve(env) as address, ThreadPoolExecutor(WRITERS) as pool:
        writers = list(pool.map(lambda email: Writer(address, email), emails))
        results = list(pool.map(Writer.write, writers, range(WRITERS)))
    statuses = [status for answers in results for status in answers.statuses]
    assert max(statuses) < 500, sorted(set(statuses))
    with app.app_context():
        bodies = set(db.session.scalars(sa.select(Comment.body)))
        sprints = list(db.session.scalars(sa.select(Sprint)))
        trail = db.session.scalars(sa.select(AuditEvent.action)).all()
        db.session.remove()
        db.engine.dispose()
    assert bodies == set().union(*(answers.accepted for answers in results))
    assert len(bodies) == WRITERS * ROUNDS
    assert trail.count("comment.started") == len(bodies)
    assert sum(answers.closed for answers in results) == 1 == trail.count("sprint.closed")
    planned = [sprint for sprint in sprints if sprint.number != 1]
    assert sum(answers.planned for answers in results) == len(planned) == trail.count("sprint.planned")
    assert len(planned) == (WRITERS + 1) * ROUNDS
    days = [sprint.starts_on for sprint in planned]
    assert len(days) == len(set(days)), "two sprints share a day"
    numbers = sorted(sprint.number for sprint in sprints)
    assert numbers == list(range(1, len(sprints) + 1))

"""The API beside its floor: a list of a hundred items, and a comment, with tokens of many people."""

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from bench import load, measure, serving
from bench.data import Seat
from bench.measure import Plan
from bench.output import Report
from bench.pages import BODY, Page, Visitor
from bench.serving import Base
from portal.api.tokens.models import ApiToken
from portal.people.accounts.models import OpenSession
from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from portal.platform.kernel.tokens import new_token, token_hash
from portal.project.projects.models import Project
from portal.sprints.sprints.models import Sprint

TOKENS = 8  # of each person: a token has 600 requests a minute
WARM_SECONDS = 4
BOUND = 0.5  # of the floor's throughput


def report_api(report: Report, kind: str, plan: Plan, base: Base) -> None:
    visitor = Visitor(base)
    with visitor.app.app_context():
        tokens = _add_tokens(base.cast.busy)
        pages = _pages(tokens, _list_discussions(base.cast.busy))
        db.session.commit()
    facts = []
    with serving.serve(base) as portal, serving.serve(base, "bench.floor:app", FLOOR="1") as floor:
        load.drive(portal.port, 8, WARM_SECONDS, pages[0].portal)  # each token has been used
        for pair in measure.pairs(plan, pages, portal, floor):
            facts.append(pair.facts())
            report.say(f"{pair.page:10} {pair.clients:>3} clients: {_describe(facts[-1])}")
    below = [fact["page"] for fact in facts if _ratio(fact) < BOUND]
    report.keep(kind, "api", {"pages": facts, "below": below})
    report.say(f"below {BOUND} of their floor: {', '.join(map(str, below)) or 'none'}")


def _ratio(fact: Mapping[str, Any]) -> float:
    return float(fact["throughput_ratio"])


def _describe(fact: Mapping[str, Any]) -> str:
    ours, floor = fact["portal"], fact["floor"]
    rates = f"{ours['requests_per_second']} req/s ({floor['requests_per_second']})"
    return f"{rates}, {fact['throughput_ratio']} of the floor, by processor time {fact['work_ratio']}"


def _add_tokens(seats: Sequence[Seat]) -> dict[str, list[str]]:
    """Tokens of the members of some teams, by the project's slug."""
    tokens: dict[str, list[str]] = {}
    for seat in seats:
        session = sa.select(OpenSession.person_id).where(OpenSession.token_hash == token_hash(seat.token))
        person_id, texts = db.session.scalars(session).one(), [new_token() for _ in range(TOKENS)]
        tokens.setdefault(seat.slug, []).extend(texts)
        rows = [
            ApiToken(
                person_id=person_id, name="bench", token_hash=token_hash(text), can_write=True, areas=[],
                programme_id=None, expires_at=clock.now() + timedelta(days=1),
            )
            for text in texts
        ]  # fmt: skip
        db.session.add_all(rows)
    return tokens


def _list_discussions(seats: Sequence[Seat]) -> dict[str, list[str]]:
    """Discussions of sprints, by the project's slug."""
    rows = db.session.execute(
        sa.select(Project.slug, Sprint.discussion_id)
        .join(Project, Project.id == Sprint.project_id)
        .where(Project.slug.in_({seat.slug for seat in seats}), Sprint.number < 4)
    )
    discussions: dict[str, list[str]] = {}
    for slug, id_ in rows:
        discussions.setdefault(slug, []).append(str(id_))
    return discussions


def _pages(tokens: dict[str, list[str]], discussions: dict[str, list[str]]) -> Sequence[Page]:
    body = json.dumps({"body": BODY}, ensure_ascii=False)

    def lists(path: str) -> Iterator[bytes]:
        for slug, token in _turns(tokens):
            yield _request("GET", path.format(slug=slug), token)

    def writes(path: str) -> Iterator[bytes]:
        for turn, (slug, token) in enumerate(_turns(tokens)):
            places = discussions[slug]
            yield _request("POST", path.format(id=places[turn % len(places)]), token, body)

    items, comments = (
        "/api/v1/projects/{slug}/items?limit=100&where=done",
        "/api/v1/discussions/{id}/comments",
    )
    return (
        Page("items", "200", _each(lists(items)), _each(lists("/api/items/{slug}"))),
        Page("comment", "201", _each(writes(comments)), _each(writes("/api/comments/{id}"))),
    )


def _each(made: Iterator[bytes]) -> load.Requests:
    return load.one_after_another(made)


def _turns(tokens: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    """(slug, token), a token of each team in turn, without end."""
    return itertools.cycle(
        (slug, token)
        for some in zip(*tokens.values(), strict=False)
        for slug, token in zip(tokens, some, strict=True)
    )


def _request(method: str, path: str, token: str, body: str = "") -> bytes:
    sent = body.encode()
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
    kind = f"Content-Type: application/json\r\nContent-Length: {len(sent)}\r\n" if body else ""
    return f"{head}{kind}\r\n".encode() + sent

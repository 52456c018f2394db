"""What a line of the audit trail costs, and what a past portfolio costs, as the trail grows.

Lines are written in bulk: of rows of the teams, over the last ten months. One of 200 is of a team
itself, whose past values a past portfolio reads.
"""

import random
import statistics
import time
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

import sqlalchemy as sa

from bench.data import take_statistics
from bench.measure import Plan
from bench.output import Report
from bench.pages import Visitor
from bench.serving import Base
from portal.people.accounts.commands import SIGNED_IN
from portal.people.accounts.models import Person
from portal.platform.kernel import audit, clock
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.audit_chain import AuditSeal, read_last_seal_number_and_hash
from portal.platform.kernel.database import db
from portal.platform.kernel.history import list_latest_events
from portal.platform.kernel.identifiers import lowest_id_at
from portal.platform.kernel.unchanged_answers import clear_cached_answers
from portal.project.projects.models import Project

DAYS = 300  # over which lines are spread
OF_TEAMS = (
    200  # a line of so many changes a team itself: 25 times in ten months, where a team has 5,000 lines
)
BATCH = 5000
COMMITS = 100
PAST = 40  # days before today: from there on back, each size reads the portfolio of days never read before
PAST_DAYS = 9
PEOPLE = 9  # whose lines are read
LINES = 50  # of a person


def report_trail(report: Report, kind: str, plan: Plan, base: Base) -> None:
    """Measure every size on one database, and print figures beside those of the first size."""
    sizes: dict[int, dict[str, float]] = {}
    visitor = Visitor(base)
    with visitor.app.app_context():
        scopes = db.session.scalars(sa.select(Project.id)).all()
        people = db.session.scalars(sa.select(Person.id).limit(PEOPLE)).all()
        chance, count = random.Random(1), 0
        for size in plan.trail:
            _add_lines(chance, size - count, scopes, people)
            count = size
            sizes[size] = _measure(visitor, base, people, PAST + PAST_DAYS * len(sizes))
        db.session.remove()
    first, last = sizes[plan.trail[0]], sizes[plan.trail[-1]]
    growth = {name: round(last[name] / first[name], 2) for name in first}
    report.keep(kind, "trail", {"lines": sizes, "growth": growth})
    report.say("\nlines of the trail: ms of a line and its commit, of a past portfolio, of a person's page")
    for size, figures in sizes.items():
        report.say(f"  {size:>9}: {', '.join(f'{name} {ms}' for name, ms in figures.items())}")
    report.say(f"  growth from the first to the last: {growth} (a line: 1.25 at most)")


def _add_lines(chance: random.Random, count: int, scopes: Sequence[UUID], people: Sequence[UUID]) -> None:
    """Lines in the order of time, with seals that continue the numbers."""
    now, number = clock.now(), read_last_seal_number_and_hash(db.session())[0]
    for start in range(0, count, BATCH):
        moments = sorted(chance.random() for _line in range(min(BATCH, count - start)))
        lines, seals = [], []
        for part in moments:
            at, scope = now - timedelta(days=DAYS * (1 - part)), chance.choice(scopes)
            id_ = UUID(int=lowest_id_at(at).int | 7 << 76 | chance.getrandbits(74))
            number += 1
            is_of_team = number % OF_TEAMS == 0
            lines.append({
                "id": id_, "created_at": at, "actor_id": chance.choice(people),
                "action": "project.edited" if is_of_team else "comment.started",
                "subject": "project" if is_of_team else "thread",
                "subject_id": scope if is_of_team else UUID(int=chance.getrandbits(128)),
                "scope_id": scope, "stored_facts": {}, "stored_after": {},
                "stored_before": {"stack": "Python"} if is_of_team else {}, "request_id": None,
            })  # fmt: skip
            seals.append({"number": number, "event_id": id_, "hash": sha256(id_.bytes).hexdigest()})
        db.session.execute(sa.insert(AuditEvent), lines)
        db.session.execute(sa.insert(AuditSeal), seals)
        db.session.commit()
    take_statistics()


def _measure(visitor: Visitor, base: Base, people: Sequence[UUID], past: int) -> dict[str, float]:
    """In milliseconds, medians. `past`: days before today from which on past portfolios are read."""
    lead, today = visitor.cookie(base.cast.leads[0]), clock.today()
    days = [f"/portfolio?on={today - timedelta(days=past + day)}" for day in range(PAST_DAYS)]
    return {
        "line": _time_lines(people[0]),
        "past": _time_pages(visitor, lead, days),
        "person": _time_people(people),
    }


def _time_lines(person_id: UUID) -> float:
    person, took = db.session.get_one(Person, person_id), []
    for _commit in range(COMMITS):
        began = time.perf_counter()
        audit.record(None, SIGNED_IN, person, scope_id=None)
        db.session.commit()
        took.append(time.perf_counter() - began)
    return round(statistics.median(took) * 1000, 2)


def _time_people(people: Sequence[UUID]) -> float:
    """What the administrator's page of a person reads of the trail."""
    took = []
    for person_id in people:
        began = time.perf_counter()
        list_latest_events([[AuditEvent.actor_id == person_id], [AuditEvent.subject_id == person_id]], LINES)
        took.append(time.perf_counter() - began)
    return round(statistics.median(took) * 1000, 2)


def _time_pages(visitor: Visitor, cookie: str, paths: Sequence[str]) -> float:
    took = []
    for path in paths:
        clear_cached_answers()
        began = time.perf_counter()
        answer = visitor.ask(cookie, path)
        took.append(time.perf_counter() - began)
        assert answer.status_code == 200, (path, answer.status_code)
    return round(statistics.median(took) * 1000, 2)

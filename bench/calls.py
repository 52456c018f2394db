"""Calls of 52 and of 10,000 applications: the list and the ranking, their statements and processor
time beside the portfolio's, and how long the whole ranking takes."""

import time
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from bench import serving
from bench.data import Seat, Writer, take_statistics
from bench.measure import counted
from bench.pages import Visitor
from portal.people.programmes.models import Programme, RoleAssignment
from portal.people.programmes.queries import actor_for
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.text import fold
from portal.platform.kernel.unchanged_answers import clear_cached_answers
from portal.selection.applications.models import Application, ApplicationState
from portal.selection.calls.commands import CallFacts, plan_call
from portal.selection.calls.models import Call
from portal.selection.calls.queries import list_criteria
from portal.selection.jury.models import InterestDeclaration, JurorScore, JuryAssignment
from portal.selection.ranking.commands import refresh_ranking

JURORS, NEEDED = 12, 3
TRIES = 9


def measure(base: serving.Base, few: int, many: int) -> dict[str, Any]:
    """Both sizes on one database, and the portfolio on the same."""
    visitor, sent = Visitor(base), list[str]()
    lead = base.cast.leads[0]
    with visitor.app.app_context():
        sa.event.listen(db.engine, "before_cursor_execute", lambda *args: sent.append(str(args[2])))
        rows = sa.select(RoleAssignment.person_id, RoleAssignment.scope_id)
        person_id, scope_id = db.session.execute(
            rows.where(RoleAssignment.role == Role.PROGRAMME_LEAD)
        ).all()[0]
        slug = db.session.get_one(Programme, scope_id).slug
        sizes = [_fill(person_id, scope_id, count) for count in (few, many)]
        db.session.remove()
    pages = {"portfolio": "/portfolio"}
    for number, count in enumerate((few, many), start=1):
        place = f"/programmes/{slug}/calls/{number}"
        pages |= {f"list {count}": f"{place}/applications", f"ranking {count}": f"{place}/ranking"}
    facts = {name: ask_page(visitor, lead, path, sent) for name, path in pages.items()}
    return {"few": few, "many": many, "ranking_seconds": sizes, "pages": facts}


def _fill(person_id: UUID, scope_id: UUID, count: int) -> float:
    """Write a call with so many scored applications; returns the seconds of its ranking."""
    actor, programme = actor_for(person_id), db.session.get_one(Programme, scope_id)
    today = clock.today()
    call = plan_call(
        actor, programme, CallFacts(title_fr=f"Appel {count}", opens_on=today, closes_on=today, places=6)
    )
    write = Writer(count, 0, seed=count)
    people = db.session.scalars(sa.select(RoleAssignment.person_id).distinct().limit(JURORS)).all()
    criteria = [criterion.id for criterion in list_criteria(call)]
    for number in range(1, count + 1):
        _add_application(write, call, number, list(people), criteria)
    write.flush()
    began = time.perf_counter()
    refresh_ranking(call)
    seconds = time.perf_counter() - began
    db.session.commit()
    take_statistics()
    return round(seconds, 2)


def _add_application(
    write: Writer, call: Call, number: int, people: list[UUID], criteria: list[UUID]
) -> None:
    title, now = f"Projet {number}", write.now
    application = write.add(
        Application,
        call_id=call.id,
        number=number,
        organisation=f"Organisme {number}",
        organisation_fold=fold(f"Organisme {number} {title}"),
        title=title,
        received_on=now.date(),
        state=ApplicationState.SCORED,
        conditions_met=[],
        opened_at=now,
        version=1,
    )
    for n in range(NEEDED):
        sheet = write.add(
            JuryAssignment,
            application_id=application,
            person_id=people[(number + n) % len(people)],
            published_at=now,
            declaration=InterestDeclaration.CLEAR,
            declared_at=now,
            sent_at=now,
            version=1,
        )
        for criterion in criteria:
            value = write.chance.randrange(6)
            write.add(JurorScore, assignment_id=sheet, criterion_id=criterion, value=value, justification="w")


def ask_page(visitor: Visitor, lead: Seat, path: str, sent: list[str]) -> dict[str, Any]:
    """The statements of a page, the median of its processor time in ms, and both as first asked after
    something changed."""
    headers = {"Cookie": visitor.cookie(lead), "Host": "127.0.0.1", "Sec-Fetch-Site": "none"}
    client = visitor.app.test_client(use_cookies=False)
    clear_cached_answers()
    took, queries = [], list[int]()
    for _try in range(TRIES):
        sent.clear()
        began = time.process_time()
        answer = client.get(path, headers=headers)
        took.append(1000 * (time.process_time() - began))
        queries.append(counted(sent))
        assert answer.status_code == 200, (path, answer.status_code)
    median = sorted(took)[TRIES // 2]
    return {
        "queries": queries[0],
        "queries_again": queries[-1],
        "ms": round(median, 1),
        "first_ms": round(took[0], 1),
    }

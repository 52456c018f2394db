"""Test rounds and their tasks in search. Sessions and their participants are never found."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select, tuple_

from portal.collaboration.search.search import SearchReindexRule, join_texts
from portal.platform.kernel.audit import PendingAuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.search import build_project_rows_search_source
from portal.user_tests.rounds import labels
from portal.user_tests.rounds.models import TestRound, TestTask
from portal.user_tests.rounds.queries import select_session_count_of_round


def _list_state_badges(rounds: Sequence[TestRound]) -> Mapping[UUID, tuple[str, str | None]]:
    counts = select(TestRound.id, select_session_count_of_round().label("sessions"))
    counted = db.session.execute(counts.where(TestRound.id.in_([row.id for row in rounds])))
    sessions = dict(map(tuple, counted))
    return {row.id: labels.state_with_badge_kind(row, sessions[row.id]) for row in rounds}


def _read_task_texts_by_round(ids: Sequence[UUID]) -> Mapping[UUID, str]:
    columns = TestTask.round_id, TestTask.title, TestTask.instruction, TestTask.success
    tasks = select(*columns).where(TestTask.round_id.in_(ids)).order_by(TestTask.position)
    texts: dict[UUID, list[str]] = defaultdict(list)
    for round_id, *parts in db.session.execute(tasks):
        texts[round_id].append(join_texts(*parts))
    return {round_id: join_texts(*parts) for round_id, parts in texts.items()}


def _list_round_ids_of_tasks(lines: Sequence[PendingAuditEvent]) -> Sequence[UUID]:
    """The rounds of tasks that changed; a task that was removed has no row any more."""
    rounds = {(line.scope_id, line.facts["number"]) for line in lines}
    matching = tuple_(TestRound.project_id, TestRound.number).in_(rounds)
    return db.session.scalars(select(TestRound.id).where(matching)).all()


ROUNDS = build_project_rows_search_source(
    TestRound,
    _l("Séries de tests"),
    "title",
    "hypotheses",
    "script",
    "no_access_needs",
    beside=_read_task_texts_by_round,
    states=_list_state_badges,
    called=(_l("Série de tests"), "serie series test tests round rounds"),
)
SEARCH = (ROUNDS, SearchReindexRule(source=ROUNDS, model=TestTask, list_ids=_list_round_ids_of_tasks))

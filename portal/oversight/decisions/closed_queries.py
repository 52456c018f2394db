"""What was decided in all projects of an actor's reach: answers to teams, and change requests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Subquery, func, literal, select, union_all

from portal.funding.change_requests.decided_queries import (
    DecidedChange,
    list_decided_changes_by_id,
    select_decision_ids,
)
from portal.oversight.decisions import policy
from portal.oversight.decisions.models import AwaitedDecision, DecisionOutcome, DecisionStage
from portal.oversight.decisions.rules import first_line
from portal.people.accounts.models import Person
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import PER_PAGE, ListPage
from portal.project.projects.path_rules import row_path


@dataclass(frozen=True)
class AnsweredDecision:
    """A decision on one line, as plain values; `path` is that of its page. A team's reading is kept of
    answers alone."""

    path: str
    short_name: str
    question: str
    outcome: DecisionOutcome
    answer: str
    closed_at: datetime
    answered_by: str
    seen_at: datetime | None
    is_change: bool
    is_help: bool = False


ClosedDecisions = ListPage[AnsweredDecision]


def count_answered_decisions(actor: Actor, programme_id: UUID | None = None) -> int:
    """How many were taken: answers that the actor might have given, and all decisions on the change requests
    of the programmes whose funding they handle, whoever decides them there."""
    closed = _select_closed_ids(actor, programme_id)
    return db.session.scalar(select(func.count()).select_from(closed)) or 0


def read_answered_decisions_page(
    actor: Actor, programme_id: UUID | None = None, page: int = 1
) -> ClosedDecisions:
    """A page of them, the latest first. Four statements."""
    count = count_answered_decisions(actor, programme_id)
    page = min(page, max(1, -(-count // PER_PAGE)))
    closed = _select_closed_ids(actor, programme_id)
    statement = (
        select(closed.c.id, closed.c.is_change)
        .order_by(closed.c.at.desc(), closed.c.id)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    )
    rows = [(row.id, bool(row.is_change)) for row in db.session.execute(statement)]
    lines = {
        **_read_answers([id_ for id_, is_change in rows if not is_change]),
        **{
            each.decision.id: _build_decided_change(each)
            for each in list_decided_changes_by_id([id_ for id_, is_change in rows if is_change])
        },
    }
    return ListPage([lines[id_] for id_, _is_change in rows], count, page)


def _select_closed_ids(actor: Actor, programme_id: UUID | None) -> Subquery:
    answers = _select_answered_decisions(
        actor, programme_id, AwaitedDecision.id, AwaitedDecision.closed_at.label("at")
    )
    changes = select_decision_ids(actor, programme_id)
    return union_all(
        answers.add_columns(literal(0).label("is_change")),
        changes.add_columns(literal(1).label("is_change")),
    ).subquery()


def _read_answers(ids: Sequence[UUID]) -> Mapping[UUID, AnsweredDecision]:
    statement = (
        select(AwaitedDecision, Project, func.coalesce(Person.name, ""))
        .join(Project, Project.id == AwaitedDecision.project_id)
        .outerjoin(Person, Person.id == AwaitedDecision.closed_by_id)
        .where(AwaitedDecision.id.in_(ids))
    )
    return {row[0].id: _build_answered_decision(*row) for row in db.session.execute(statement)}


def _build_answered_decision(row: AwaitedDecision, project: Project, who: str) -> AnsweredDecision:
    assert row.outcome is not None and row.closed_at is not None  # noqa: S101, PT018  answered
    return AnsweredDecision(
        row_path(project, row),
        project.short_name,
        first_line(row.question),
        row.outcome,
        first_line(row.answer),
        row.closed_at,
        who,
        row.seen_at,
        is_change=False,
        is_help=row.asks_for_help,
    )


def _build_decided_change(each: DecidedChange) -> AnsweredDecision:
    decision = each.decision
    return AnsweredDecision(
        row_path(each.project, each.row),
        each.project.short_name,
        each.title,
        DecisionOutcome(each.outcome),
        first_line(decision.reasons),
        decision.created_at,
        each.decided_by,
        None,
        is_change=True,
    )


def _select_answered_decisions(actor: Actor, programme_id: UUID | None, *columns: Any) -> Select[Any]:
    statement = (
        select(*columns)
        .select_from(AwaitedDecision)
        .join(Project, Project.id == AwaitedDecision.project_id)
        .where(policy.answerable_by_condition(actor), AwaitedDecision.stage == DecisionStage.ANSWERED)
    )
    return statement if programme_id is None else statement.where(Project.programme_id == programme_id)

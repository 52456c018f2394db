"""Open decisions of many projects, now or at a past moment; the caller checked who may see them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from portal.oversight.decisions.models import AwaitedDecision
from portal.platform.kernel.database import db
from portal.platform.kernel.history import find_values_at
from portal.project.projects.models import Project


def select_first_question() -> Any:
    """A scalar subquery correlated to `Project`: the question that has been open longest; None."""
    return (
        select(AwaitedDecision.question)
        .where(AwaitedDecision.project_id == Project.id, AwaitedDecision.closed_at.is_(None))
        .order_by(AwaitedDecision.created_at, AwaitedDecision.number)
        .limit(1)
        .correlate(Project)
        .scalar_subquery()
    )


def was_open_at(moment: datetime) -> ColumnElement[bool]:
    """Condition: the decision was asked by that moment and not closed."""
    closed_later = or_(AwaitedDecision.closed_at.is_(None), AwaitedDecision.closed_at > moment)
    return (AwaitedDecision.created_at <= moment) & closed_later


def list_questions_at(project_ids: Collection[UUID], moment: datetime) -> Mapping[UUID, Sequence[str]]:
    """The questions that were open at a moment, as they were worded then, by project, the oldest
    first. Two statements."""
    statement = (
        select(AwaitedDecision.id, AwaitedDecision.project_id, AwaitedDecision.question)
        .where(AwaitedDecision.project_id.in_(project_ids), was_open_at(moment))
        .order_by(AwaitedDecision.created_at, AwaitedDecision.number)
    )
    rows = db.session.execute(statement).all()
    past = find_values_at([row.id for row in rows], moment) if rows else {}
    questions: dict[UUID, list[str]] = defaultdict(list)
    for id_, project_id, question in rows:
        questions[project_id].append(past[id_].get("question", question))
    return questions

"""Open decisions of many projects, now or at a past moment; the caller checked who may see them.

What a stopped or finished project had asked waits no more: it comes back if the project resumes."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from portal.oversight.decisions.models import AwaitedDecision, DecisionStage
from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from portal.platform.kernel.history import PastValues, map_past_values_by_row
from portal.project.projects.models import OVER, Project


def select_oldest_open_question() -> Any:
    """A scalar subquery correlated to `Project`: the question that has been open longest, requests for help
    left out; None."""
    return (
        select(AwaitedDecision.question)
        .where(
            AwaitedDecision.project_id == Project.id,
            AwaitedDecision.closed_at.is_(None),
            ~AwaitedDecision.asks_for_help,
        )
        .order_by(AwaitedDecision.created_at, AwaitedDecision.number)
        .limit(1)
        .correlate(Project)
        .scalar_subquery()
    )


REQUESTS_MAX = 100  # a page that shows fewer than wait counts wrong, and misses what is sent twice


@dataclass(frozen=True)
class OpenHelpQuestion:
    """A request for help put as a question that waits, with the name of who asks, None where it is not kept,
    and of whoever has it."""

    row: AwaitedDecision
    asked_by: str | None
    owner: str | None


def list_open_help_questions(project: Project) -> Sequence[OpenHelpQuestion]:
    """The requests for help put as questions that wait, the oldest first."""
    owner = aliased(Person)
    statement = (
        select(AwaitedDecision, Person.name, owner.name)
        .outerjoin(Person, Person.id == AwaitedDecision.asked_by_id)
        .outerjoin(owner, owner.id == AwaitedDecision.owner_id)
        .where(
            AwaitedDecision.project_id == project.id,
            AwaitedDecision.closed_at.is_(None),
            AwaitedDecision.asks_for_help,
        )
        .order_by(AwaitedDecision.created_at, AwaitedDecision.number)
        .limit(REQUESTS_MAX)
    )
    return [OpenHelpQuestion(*row) for row in db.session.execute(statement)]


def was_open_at_condition(moment: datetime) -> ColumnElement[bool]:
    """Condition: the decision was asked by that moment and not closed."""
    closed_later = or_(AwaitedDecision.closed_at.is_(None), AwaitedDecision.closed_at > moment)
    return (AwaitedDecision.created_at <= moment) & closed_later


def was_project_over(then: PastValues, *, is_over: bool) -> bool:
    """Whether a project was stopped or finished at a moment: `is_over` is whether it is now, `then` what
    changed since."""
    return then["state"] in OVER if "state" in then else is_over


def list_asked_and_answered_since(
    programme_id: UUID, moment: datetime, until: datetime | None = None
) -> Mapping[UUID, tuple[Sequence[str], Sequence[str]]]:
    """The questions that each project of a programme asked, and those that were answered, since a moment
    and until another (now), the oldest first; neither requests for help nor what a team had withdrawn by
    then. Projects of none are missing."""
    end = until or clock.now()
    was_asked = and_(AwaitedDecision.created_at > moment, AwaitedDecision.created_at <= end)
    was_answered = and_(
        AwaitedDecision.stage == DecisionStage.ANSWERED,
        AwaitedDecision.closed_at > moment,
        AwaitedDecision.closed_at <= end,
    )
    statement = (
        select(
            AwaitedDecision.project_id,
            AwaitedDecision.question,
            case((was_asked, 1), else_=0),
            case((was_answered, 1), else_=0),
        )
        .join(Project, Project.id == AwaitedDecision.project_id)
        .where(
            Project.programme_id == programme_id,
            ~AwaitedDecision.asks_for_help,
            or_(AwaitedDecision.stage != DecisionStage.WITHDRAWN, AwaitedDecision.closed_at > end),
            or_(was_asked, was_answered),
        )
        .order_by(AwaitedDecision.created_at, AwaitedDecision.id)
    )
    moves: dict[UUID, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for project_id, question, is_asked, is_answered in db.session.execute(statement):
        for questions, holds in zip(moves[project_id], (is_asked, is_answered), strict=True):
            if holds:
                questions.append(question)
    return dict(moves)


@dataclass(frozen=True)
class OpenQuestion:
    """A question that is open, and when it was asked; `is_help`: it is a request for help, and `is_taken`
    whether somebody had it then."""

    text: str
    asked_at: datetime
    is_help: bool = False
    is_taken: bool = False


def list_open_questions_by_project(
    project_ids: Collection[UUID], moment: datetime
) -> Mapping[UUID, Sequence[OpenQuestion]]:
    """The questions that were open at a moment, as they were worded then, by project that was not over,
    the oldest first. Two statements."""
    statement = (
        select(
            AwaitedDecision.id,
            AwaitedDecision.project_id,
            AwaitedDecision.question,
            AwaitedDecision.created_at,
            AwaitedDecision.asks_for_help,
            AwaitedDecision.owner_id,
            func.coalesce(Project.stopped_on, Project.finished_on),
        )
        .join(Project, Project.id == AwaitedDecision.project_id)
        .where(AwaitedDecision.project_id.in_(project_ids), was_open_at_condition(moment))
        .order_by(AwaitedDecision.created_at, AwaitedDecision.number)
    )
    rows = db.session.execute(statement).all()
    ids = {id_ for row in rows for id_ in (row.id, row.project_id)}
    past = map_past_values_by_row(ids, moment) if rows else {}
    questions: dict[UUID, list[OpenQuestion]] = defaultdict(list)
    for id_, project_id, question, asked_at, is_help, owner_id, over_on in rows:
        if was_project_over(past[project_id], is_over=over_on is not None):
            continue
        text = past[id_].get("question", question)
        is_taken = past[id_].get("owner_id", owner_id) is not None
        questions[project_id].append(OpenQuestion(text, asked_at, is_help, is_taken))
    return questions

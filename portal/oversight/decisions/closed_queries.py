"""Decisions that were answered, in all projects of an actor's reach."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from portal.oversight.decisions import policy
from portal.oversight.decisions.models import AwaitedDecision, DecisionOutcome, DecisionStage
from portal.oversight.decisions.rules import first_line
from portal.people.accounts.models import Person
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import PER_PAGE, ListPage


@dataclass(frozen=True)
class AnsweredDecision:
    """An answered decision on one line, as plain values."""

    slug: str
    short_name: str
    number: int
    question: str
    outcome: DecisionOutcome
    answer: str
    closed_at: datetime
    answered_by: str
    seen_at: datetime | None


ClosedDecisions = ListPage[AnsweredDecision]


def count_answered_decisions(actor: Actor, programme_id: UUID | None = None) -> int:
    """How many answered decisions the actor might have answered."""
    closed = _select_answered_decisions(actor, programme_id, AwaitedDecision.id).subquery()
    return db.session.scalar(select(func.count()).select_from(closed)) or 0


def read_answered_decisions_page(
    actor: Actor, programme_id: UUID | None = None, page: int = 1
) -> ClosedDecisions:
    """A page of them, the latest first."""
    count = count_answered_decisions(actor, programme_id)
    page = min(page, max(1, -(-count // PER_PAGE)))
    columns = (
        Project.slug,
        Project.acronym,
        Project.organisation,
        AwaitedDecision.number,
        AwaitedDecision.question,
        AwaitedDecision.outcome,
        AwaitedDecision.answer,
        AwaitedDecision.closed_at,
        Person.name,
        AwaitedDecision.seen_at,
    )
    statement = (
        _select_answered_decisions(actor, programme_id, *columns)
        .outerjoin(Person, Person.id == AwaitedDecision.closed_by_id)
        .order_by(AwaitedDecision.closed_at.desc(), AwaitedDecision.id)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    )
    return ListPage([_build_answered_decision(row) for row in db.session.execute(statement)], count, page)


def _build_answered_decision(row: Any) -> AnsweredDecision:
    slug, acronym, organisation, number, question, outcome, answer, closed_at, who, seen_at = row
    texts = first_line(question), outcome, first_line(answer)
    return AnsweredDecision(slug, acronym or organisation, number, *texts, closed_at, who or "", seen_at)


def _select_answered_decisions(actor: Actor, programme_id: UUID | None, *columns: Any) -> Select[Any]:
    statement = (
        select(*columns)
        .select_from(AwaitedDecision)
        .join(Project, Project.id == AwaitedDecision.project_id)
        .where(policy.answerable_by_condition(actor), AwaitedDecision.stage == DecisionStage.ANSWERED)
    )
    return statement if programme_id is None else statement.where(Project.programme_id == programme_id)

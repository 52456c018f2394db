"""Decisions that were answered, in all projects of an actor's reach."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from portal.oversight.decisions import policy
from portal.oversight.decisions.models import AwaitedDecision, DecisionStage
from portal.people.accounts.models import Person
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import PER_PAGE, ListPage


@dataclass(frozen=True)
class ClosedDecision:
    """An answered decision, its project and the name of who answered."""

    row: AwaitedDecision
    project: Project
    answered_by: str | None


ClosedDecisions = ListPage[ClosedDecision]


def read_closed_decisions(actor: Actor, programme_id: UUID | None = None, page: int = 1) -> ClosedDecisions:
    """A page of the answered decisions that the actor might have answered, the latest first."""
    statement = (
        select(AwaitedDecision, Project, Person.name)
        .join(Project, Project.id == AwaitedDecision.project_id)
        .outerjoin(Person, Person.id == AwaitedDecision.closed_by_id)
        .where(policy.awaits_actor(actor), AwaitedDecision.stage == DecisionStage.ANSWERED)
    )
    if programme_id is not None:
        statement = statement.where(Project.programme_id == programme_id)
    count = db.session.scalar(select(func.count()).select_from(statement.subquery())) or 0
    page = min(page, max(1, -(-count // PER_PAGE)))
    ordered = statement.order_by(AwaitedDecision.closed_at.desc(), AwaitedDecision.id)
    rows: Sequence[ClosedDecision] = [
        ClosedDecision(*row)
        for row in db.session.execute(ordered.limit(PER_PAGE).offset((page - 1) * PER_PAGE))
    ]
    return ListPage(rows, count, page)

"""Decisions on the change requests of a programme; the caller checked who may read them.

What a programme only takes note of, nobody decides: it is left out.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, not_, select

from portal.funding.agreements import policy
from portal.funding.change_requests.labels import decided_title
from portal.funding.change_requests.models import ChangeDecision, FundingChange
from portal.funding.change_requests.rules import ChangeMode
from portal.people.accounts.models import Person
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.project.projects.models import Project


class DecidedChange(NamedTuple):
    """A decision on a request, the request, its project, and who decided."""

    decision: ChangeDecision
    row: FundingChange
    project: Project
    decided_by: str

    @property
    def title(self) -> str:
        """The request and the days granted, in the reader's language."""
        return decided_title(self.row, self.decision)

    @property
    def outcome(self) -> str:
        return "granted" if self.decision.is_granted else "refused"


def list_decided_changes(
    programme_id: UUID, since: datetime | None, until: datetime, limit: int
) -> Sequence[DecidedChange]:
    """Those of a programme decided after a moment and until another, the oldest first."""
    period = [ChangeDecision.created_at <= until]
    if since is not None:
        period.append(ChangeDecision.created_at > since)
    statement = _select_decided(Project.programme_id == programme_id, *period)
    return _load(statement.order_by(ChangeDecision.created_at, ChangeDecision.id).limit(limit))


def list_decided_changes_by_id(ids: Collection[UUID]) -> Sequence[DecidedChange]:
    """Those of these decisions, in no order."""
    return _load(_select_decided(ChangeDecision.id.in_(list(ids))))


def select_decision_ids(actor: Actor, programme_id: UUID | None) -> Select[UUID, datetime]:
    """Id and moment of the decisions in the programmes that the actor handles, or in one of them."""
    conditions = [policy.handled_by_condition(actor)]
    if programme_id is not None:
        conditions.append(Project.programme_id == programme_id)
    decided = _select_decided(*conditions)
    return decided.with_only_columns(ChangeDecision.id, ChangeDecision.created_at.label("at"))


def _select_decided(*conditions: ColumnElement[bool]) -> Select[ChangeDecision, FundingChange, Project, str]:
    is_noted = and_(FundingChange.authority == ChangeMode.RECORDED.value, ChangeDecision.number == 1)
    return (
        select(ChangeDecision, FundingChange, Project, func.coalesce(Person.name, ""))
        .join(FundingChange, FundingChange.id == ChangeDecision.change_id)
        .join(Project, Project.id == FundingChange.project_id)
        .outerjoin(Person, Person.id == ChangeDecision.decided_by_id)
        .where(not_(is_noted), *conditions)
    )


def _load(statement: Select[ChangeDecision, FundingChange, Project, str]) -> Sequence[DecidedChange]:
    return [DecidedChange(*row) for row in db.session.execute(statement)]

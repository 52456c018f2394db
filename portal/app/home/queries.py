"""Read what a project's priorities show of several features, and where people land."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, case, exists, func, select
from sqlalchemy.orm import aliased

from portal.app.home import policy
from portal.coaching.recommendations.queries import PendingRecommendation, select_pending
from portal.ethics.rereviews.queries import WAITING_COUNTS
from portal.ethics.reviews.register_queries import (
    DueCondition,
    ReturnedReview,
    select_drafted_reviews,
    select_due_conditions,
)
from portal.ethics.risks.register_queries import DueMitigation, select_due_mitigations
from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.project.framing.queries import OpenAssumption, riskiest_assumptions
from portal.project.projects.models import Project
from portal.sprints.backlog.queries import BlockedItem, select_blocked_items
from portal.sprints.ceremonies.action_queries import OpenAction, select_open_actions
from portal.sprints.prototypes.models import PrototypeVersion
from portal.sprints.sprints.models import Sprint
from portal.user_tests.findings.attention_queries import (
    SEVERE_FINDINGS_MAX,
    FindingSummary,
    select_severe_findings,
)
from portal.user_tests.rounds.models import TestRound
from portal.user_tests.rounds.queries import count_sessions_of_round

# How many lines of each a home shows.
BLOCKED, ASSUMPTIONS, ACTIONS, MEASURES, REVIEWS, ADVICE = 5, 3, 5, 5, 5, 5


@dataclass(frozen=True)
class ProjectSnapshot:
    """What the home of a project shows, read in one statement."""

    active: Sprint | None
    planned: Sprint | None
    last: Sprint | None  # closed
    version: PrototypeVersion | None
    tested: TestRound | None  # the last one
    sessions: int  # of that round
    blocked: Sequence[BlockedItem]
    severe: Sequence[FindingSummary]  # findings, one more than the page shows
    assumptions: Sequence[OpenAssumption]
    actions: Sequence[OpenAction]
    measures: Sequence[DueMitigation]  # against risks, the nearest date first
    conditions: Sequence[DueCondition]  # of ethics reviews, the nearest date first
    drafts: Sequence[ReturnedReview]  # ethics reviews that are with the team
    to_answer: int  # re-reviews
    to_confirm: int
    advice: Sequence[PendingRecommendation]  # that the team has not answered or done


_Row = Sprint | PrototypeVersion | TestRound


def _first_id(model: type[_Row], *where: Any, order: Sequence[Any]) -> Any:
    ids = select(model.id).where(model.project_id == bindparam("project"), *where)
    return ids.order_by(*order).limit(1).correlate(None).scalar_subquery()


_active, _planned, _last = aliased(Sprint), aliased(Sprint), aliased(Sprint)
_begun, _closed = Sprint.started_at.is_not(None), Sprint.closed_at.is_not(None)
_SNAPSHOT = (
    select(
        _active,
        _planned,
        _last,
        PrototypeVersion,
        TestRound,
        func.coalesce(count_sessions_of_round(), 0),
        select_blocked_items(BLOCKED),
        select_severe_findings(SEVERE_FINDINGS_MAX + 1),
        riskiest_assumptions(ASSUMPTIONS),
        select_open_actions(ACTIONS),
        select_due_mitigations(MEASURES),
        select_due_conditions(MEASURES),
        select_drafted_reviews(REVIEWS),
        *WAITING_COUNTS,
        select_pending(ADVICE),
    )
    .select_from(Project)
    .outerjoin(_active, _active.id == _first_id(Sprint, _begun, ~_closed, order=[Sprint.starts_on]))
    .outerjoin(_planned, _planned.id == _first_id(Sprint, ~_begun, order=[Sprint.starts_on]))
    .outerjoin(
        _last, _last.id == _first_id(Sprint, _closed, order=[Sprint.ends_on.desc(), Sprint.number.desc()])
    )
    .outerjoin(
        PrototypeVersion,
        PrototypeVersion.id == _first_id(PrototypeVersion, order=[PrototypeVersion.number.desc()]),
    )
    .outerjoin(TestRound, TestRound.id == _first_id(TestRound, order=[TestRound.number.desc()]))
    .where(Project.id == bindparam("project"))
)


def read_project_snapshot(project: Project) -> ProjectSnapshot:
    """The snapshot of a project that the actor may see."""
    return ProjectSnapshot(*db.session.execute(_SNAPSHOT, {"project": project.id}).one())


def list_own_slugs(actor: Actor) -> Sequence[str]:
    """The addresses of the projects whose team the actor is on."""
    own_ids = policy.list_own_project_ids(actor)
    return db.session.scalars(select(Project.slug).where(Project.id.in_(own_ids))).all()


def reviews_a_project(actor: Actor) -> bool:
    """Whether a project was given to the actor to review."""
    return db.session.scalar(select(exists().where(policy.is_reviewed_by(actor)))) or False


def list_juries(actor: Actor) -> Sequence[Programme]:
    """The programmes whose jury the actor sits on, the latest first."""
    juries = select(Programme).where(policy.is_judged_by(actor))
    return db.session.scalars(juries.order_by(Programme.starts_on.desc())).all()


def list_programme_slugs(programme_ids: Sequence[UUID]) -> Sequence[str]:
    """The addresses of programmes that the caller may see: with teams first, then the latest."""
    has_teams = exists().where(Project.programme_id == Programme.id)
    statement = select(Programme.slug).where(Programme.id.in_(programme_ids))
    return db.session.scalars(
        statement.order_by(case((has_teams, 0), else_=1), Programme.starts_on.desc(), Programme.slug)
    ).all()

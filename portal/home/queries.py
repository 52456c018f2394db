"""Reading what a home shows that no feature below shows yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, select
from sqlalchemy.orm import aliased

from portal.accounts.models import Person
from portal.backlog.queries import Blocked, blocked_items
from portal.ceremonies.queries import OpenAction, open_actions
from portal.findings.attention import SHOWN, Pressing, pressing_findings
from portal.framing.queries import Unsettled, riskiest_assumptions
from portal.home import policy
from portal.kernel.access import Actor, require
from portal.kernel.db import db
from portal.programmes.models import Programme
from portal.projects.models import Project
from portal.prototypes.models import PrototypeVersion
from portal.recommendations.queries import Asked, asked_of_team
from portal.rereviews.queries import WAITING
from portal.reviews.listing import Dated as DatedCondition
from portal.reviews.listing import Returned, dated_conditions, drafted_reviews
from portal.risks.listing import Dated, dated_mitigations
from portal.sprints.models import Sprint
from portal.user_tests.models import TestRound
from portal.user_tests.queries import sessions_of_round

BLOCKED, ASSUMPTIONS, ACTIONS, MEASURES, REVIEWS = 5, 3, 5, 5, 5  # lines of each that a home shows
BLOCKED, ASSUMPTIONS, ACTIONS, MEASURES, ADVICE = 5, 3, 5, 5, 5  # lines of each that a home shows


@dataclass(frozen=True)
class Now:
    """What a project's home tells of, in one statement."""

    active: Sprint | None
    planned: Sprint | None
    last: Sprint | None  # closed
    version: PrototypeVersion | None
    tested: TestRound | None  # the last one
    sessions: int  # of that round
    blocked: Sequence[Blocked]
    severe: Sequence[Pressing]  # findings, one more than is shown
    assumptions: Sequence[Unsettled]
    actions: Sequence[OpenAction]
    measures: Sequence[Dated]  # against risks, the nearest date first
    conditions: Sequence[DatedCondition]  # of ethics reviews, the nearest date first
    drafts: Sequence[Returned]  # ethics reviews that are with the team
    to_answer: int  # re-reviews
    to_confirm: int
    advice: Sequence[Asked]  # of coaches, that the team has not answered or done


@dataclass(frozen=True)
class Installation:
    """What there is, in numbers."""

    programmes: int
    people: int  # who can sign in


_Row = Sprint | PrototypeVersion | TestRound


def _one(model: type[_Row], *where: Any, order: Sequence[Any]) -> Any:
    chosen = select(model.id).where(model.project_id == bindparam("project"), *where)
    return chosen.order_by(*order).limit(1).correlate(None).scalar_subquery()


_active, _planned, _last = aliased(Sprint), aliased(Sprint), aliased(Sprint)
_begun, _closed = Sprint.started_at.is_not(None), Sprint.closed_at.is_not(None)
_COURSE = (
    select(
        _active,
        _planned,
        _last,
        PrototypeVersion,
        TestRound,
        func.coalesce(sessions_of_round(), 0),
        blocked_items(BLOCKED),
        pressing_findings(SHOWN + 1),
        riskiest_assumptions(ASSUMPTIONS),
        open_actions(ACTIONS),
        dated_mitigations(MEASURES),
        dated_conditions(MEASURES),
        drafted_reviews(REVIEWS),
        *WAITING,
        asked_of_team(ADVICE),
    )
    .select_from(Project)
    .outerjoin(_active, _active.id == _one(Sprint, _begun, ~_closed, order=[Sprint.starts_on]))
    .outerjoin(_planned, _planned.id == _one(Sprint, ~_begun, order=[Sprint.starts_on]))
    .outerjoin(
        _last,
        _last.id == _one(Sprint, _closed, order=[Sprint.ends_on.desc(), Sprint.number.desc()]),
    )
    .outerjoin(
        PrototypeVersion,
        PrototypeVersion.id == _one(PrototypeVersion, order=[PrototypeVersion.number.desc()]),
    )
    .outerjoin(TestRound, TestRound.id == _one(TestRound, order=[TestRound.number.desc()]))
    .where(Project.id == bindparam("project"))
)


def read_now(project: Project) -> Now:
    """Of a project that the actor was already allowed to see."""
    return Now(*db.session.execute(_COURSE, {"project": project.id}).one())


def list_own_projects(actor: Actor) -> Sequence[Project]:
    """The projects whose team the actor is on."""
    return _projects(policy.on_team(actor))


def list_reviewed_projects(actor: Actor) -> Sequence[Project]:
    """The projects that the actor reviews."""
    return _projects(policy.reviewed_by(actor))


def _projects(which: ColumnElement[bool]) -> Sequence[Project]:
    ordered = select(Project).where(which).order_by(Project.organisation_fold, Project.slug)
    return db.session.scalars(ordered).all()


def count_installation(actor: Actor) -> Installation:
    """For administrators."""
    require(policy.can_administer(actor))
    programmes = select(func.count()).select_from(Programme).scalar_subquery()
    people = select(func.count()).where(
        Person.disabled_at.is_(None), Person.password_hash.is_not(None)
    )
    row = db.session.execute(select(programmes, people.scalar_subquery())).one()
    return Installation(*row)

"""Reading what a home shows that no feature below shows yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, select
from sqlalchemy.orm import aliased

from portal.accounts.models import Person
from portal.backlog.models import Item
from portal.backlog.queries import list_blocked
from portal.ceremonies.queries import Told, list_open
from portal.findings.attention import SHOWN, list_pressing
from portal.findings.listing import Listed
from portal.framing.models import Assumption
from portal.framing.queries import list_riskiest
from portal.home import policy
from portal.kernel.access import Actor, require
from portal.kernel.db import db
from portal.programmes.models import Programme
from portal.projects.models import Project
from portal.prototypes.models import PrototypeVersion
from portal.risks.listing import Due, list_due
from portal.sprints.models import Sprint
from portal.user_tests.models import TestRound
from portal.user_tests.queries import sessions_of_round

BLOCKED, ASSUMPTIONS, ACTIONS, MEASURES = 5, 3, 5, 5  # lines of each that a home shows


@dataclass(frozen=True)
class Now:
    """What a project's home tells of, in six statements."""

    active: Sprint | None
    planned: Sprint | None
    last: Sprint | None  # closed
    version: PrototypeVersion | None
    tested: TestRound | None  # the last one
    sessions: int  # of that round
    blocked: Sequence[Item]
    severe: Sequence[Listed]  # findings, one more than is shown
    assumptions: Sequence[Assumption]
    actions: Sequence[Told]
    measures: Sequence[Due]  # against risks, the nearest date first


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
    select(_active, _planned, _last, PrototypeVersion, TestRound, sessions_of_round())
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


def read_now(actor: Actor, project: Project) -> Now:
    """Of a project that the actor was already allowed to see."""
    course = db.session.execute(_COURSE, {"project": project.id}).one()
    active, planned, last, version, tested, sessions = course
    return Now(
        active=active,
        planned=planned,
        last=last,
        version=version,
        tested=tested,
        sessions=sessions or 0,
        blocked=list_blocked(project, BLOCKED),
        severe=list_pressing(actor, project, SHOWN + 1),
        assumptions=list_riskiest(actor, project, ASSUMPTIONS),
        actions=list_open(actor, project, ACTIONS),
        measures=list_due(actor, project, MEASURES),
    )


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

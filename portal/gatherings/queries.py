"""Reading collective sessions. Whatever comes back, the actor may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select

from portal.accounts.models import Person
from portal.gatherings import policy
from portal.gatherings.models import (
    MARKS,
    NUMBER_MAX,
    QUESTIONS,
    Attendance,
    Gathering,
    SatisfactionGiven,
    SatisfactionTally,
)
from portal.kernel import clock
from portal.kernel.access import Actor
from portal.kernel.db import db, lock_row
from portal.kernel.errors import NotFound, RuleBroken
from portal.kernel.text import gettext as _
from portal.programmes.models import Programme, Scope
from portal.projects.models import Project
from portal.projects.numbered import PER_PAGE, Page

SHOWN_FROM = 3  # answers: with fewer, the sums would tell what somebody answered

_next = (
    select(func.min(Gathering.held_on))
    .join(Project, Project.programme_id == Gathering.programme_id)
    .where(
        Project.id == bindparam("project"),
        Gathering.held_on >= bindparam("today", callable_=clock.today),
    )
)
_programme_slug = (
    select(Programme.slug)
    .join(Project, Project.programme_id == Programme.id)
    .where(Project.id == bindparam("project"))
)
_all = (
    select(func.count())
    .select_from(Gathering)
    .join(Project, Project.programme_id == Gathering.programme_id)
    .where(Project.id == bindparam("project"))
)
# For a project's own page: its programme, how many sessions it has, the day of the next.
FIGURES = (
    _programme_slug.scalar_subquery(),
    _all.scalar_subquery(),
    _next.scalar_subquery(),
)


@dataclass(frozen=True)
class Line:
    """A collective session in a list; `people` came, as far as it was noted."""

    row: Gathering
    people: int | None


@dataclass(frozen=True)
class Around:
    """A programme and its next collective session, once one is announced."""

    programme: Programme
    coming: Gathering | None


@dataclass(frozen=True)
class Satisfaction:
    """What was thought of it: how many answered, and how often each mark was given."""

    count: int
    given: Mapping[int, Mapping[int, int]]

    @property
    def is_shown(self) -> bool:
        return self.count >= SHOWN_FROM


def get_programme(actor: Actor, slug: str) -> Programme:
    """One whose collective sessions the actor reads. Raises `NotFound`."""
    one = select(Programme).where(Programme.slug == slug, policy.visible_to(actor))
    programme = db.session.scalar(one)
    if programme is None:
        raise NotFound
    return programme


def list_programmes(actor: Actor) -> Sequence[Around]:
    """Those whose collective sessions the actor reads, the latest begun first."""
    coming = (
        select(Gathering.id)
        .where(Gathering.programme_id == Programme.id, Gathering.held_on >= clock.today())
        .order_by(Gathering.held_on, Gathering.number)
        .limit(1)
        .correlate(Programme)
        .scalar_subquery()
    )
    mine = (
        select(Programme, Gathering)
        .outerjoin(Gathering, Gathering.id == coming)
        .where(policy.visible_to(actor))
        .order_by(Programme.starts_on.desc(), Programme.slug)
    )
    return [Around(*row) for row in db.session.execute(mine)]


def get_gathering(programme: Programme, number: int) -> Gathering:
    """Of a programme that the actor was allowed to see. Raises `NotFound`."""
    one = select(Gathering).where(
        Gathering.programme_id == programme.id, Gathering.number == number
    )
    row = db.session.scalar(one)
    if row is None:
        raise NotFound
    return row


def name_author(row: Gathering) -> str:
    return db.session.scalar(select(Person.name).where(Person.id == row.author_id)) or ""


def list_gatherings(programme: Programme, page: int = 1) -> Page[Line]:
    """The latest day first; the first page where it is beyond the last."""
    came = select(func.sum(Attendance.people)).where(Attendance.gathering_id == Gathering.id)
    lines = (
        select(Gathering, came.correlate(Gathering).scalar_subquery(), func.count().over())
        .where(Gathering.programme_id == programme.id)
        .order_by(Gathering.held_on.desc(), Gathering.number.desc())
    )
    found = db.session.execute(lines.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    if not found and page > 1:
        return list_gatherings(programme)
    return Page([Line(*row[:2]) for row in found], found[0][2] if found else 0, page)


def list_teams(programme: Programme) -> Sequence[Project]:
    mine = select(Project).where(Project.programme_id == programme.id)
    return db.session.scalars(mine.order_by(Project.organisation_fold, Project.slug)).all()


def read_attendance(row: Gathering) -> Mapping[UUID, int]:
    """How many came, by project, as far as it was noted."""
    mine = select(Attendance.project_id, Attendance.people).where(Attendance.gathering_id == row.id)
    return {found[0]: found[1] for found in db.session.execute(mine)}


def read_satisfaction(row: Gathering) -> Satisfaction:
    tallies = select(
        SatisfactionTally.question, SatisfactionTally.mark, SatisfactionTally.given
    ).where(SatisfactionTally.gathering_id == row.id)
    given = {question: dict.fromkeys(MARKS, 0) for question in QUESTIONS}
    for question, mark, count in db.session.execute(tallies):
        given[question][mark] = count
    return Satisfaction(sum(given[QUESTIONS[0]].values()), given)


def has_answered(actor: Actor, row: Gathering) -> bool:
    mine = select(SatisfactionGiven.person_id).where(
        SatisfactionGiven.gathering_id == row.id,
        SatisfactionGiven.person_id == actor.person_id,
    )
    return db.session.scalar(mine) is not None


def is_on_a_team(actor: Actor, programme: Programme) -> bool:
    """Of the programme."""
    own: Any = policy.own_projects(actor)
    mine = select(Scope.id).where(Scope.id.in_(own), Scope.parent_id == programme.id).limit(1)
    return db.session.scalar(mine) is not None


def next_number(programme: Programme) -> int:
    """Held until the end of the transaction. Raises `RuleBroken` when there are too many."""
    lock_row(Scope, programme.id)
    mine = select(func.max(Gathering.number)).where(Gathering.programme_id == programme.id)
    last = db.session.scalar(mine) or 0
    if last >= NUMBER_MAX:
        raise RuleBroken(None, _("Ce programme en a déjà %(n)s, c’est la limite.", n=NUMBER_MAX))
    return last + 1

"""Reading coaching sessions: a project's, one with its decisions. Whatever comes back, the actor
may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, func, select

from portal.accounts.models import Person
from portal.backlog.models import Item
from portal.coaching.models import CoachingSession, Decision
from portal.kernel.access import Actor
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.programmes.models import RoleAssignment, Track
from portal.projects.models import Project
from portal.projects.numbered import PER_PAGE, Page, of_project
from portal.recommendations.models import Recommendation

_of_project = CoachingSession.project_id == bindparam("project")
# For a project's own page: how many sessions, and the day of the last.
FIGURES = (
    select(func.count()).where(_of_project).scalar_subquery(),
    select(func.max(CoachingSession.held_on)).where(_of_project).scalar_subquery(),
)


@dataclass(frozen=True)
class Held:
    """A session, its track (None: all of them together) and who logged it."""

    row: CoachingSession
    track: Track | None
    author: str
    decisions: int


@dataclass(frozen=True)
class Decided:
    """A decision and what it has become."""

    row: Decision
    recommendation: Recommendation | None
    item: Item | None


def get_session(actor: Actor, project: Project, number: int) -> Held:
    """Raises `NotFound`."""
    found = db.session.execute(
        _held(actor, project).where(CoachingSession.number == number)
    ).first()
    if found is None:
        raise NotFound
    return Held(*found[:4])


def _held(actor: Actor, project: Project) -> Select[Any]:
    counted = select(func.count()).where(Decision.session_id == CoachingSession.id)
    return (
        of_project(actor, CoachingSession, project)
        .add_columns(Track, Person.name, counted.correlate(CoachingSession).scalar_subquery())
        .outerjoin(Track, Track.id == CoachingSession.track_id)
        .join(Person, Person.id == CoachingSession.author_id)
    )


def list_sessions(actor: Actor, project: Project, page: int = 1) -> Page[Held]:
    """The latest first; the first page where it is beyond the last."""
    lines = (
        _held(actor, project)
        .add_columns(func.count().over())
        .order_by(CoachingSession.held_on.desc(), CoachingSession.number.desc())
    )
    found = db.session.execute(lines.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    if not found and page > 1:
        return list_sessions(actor, project)
    return Page([Held(*row[:4]) for row in found], found[0][4] if found else 0, page)


_DECIDED = (
    select(Decision, Recommendation, Item)
    .outerjoin(Recommendation, Recommendation.id == Decision.recommendation_id)
    .outerjoin(Item, Item.id == Decision.item_id)
)


def list_decisions(session: CoachingSession) -> Sequence[Decided]:
    """Of a session that the caller may see."""
    mine = _DECIDED.where(Decision.session_id == session.id).order_by(Decision.number)
    return [Decided(*row) for row in db.session.execute(mine)]


def find_outcome(decision: Decision) -> Decided:
    """What a decision that the caller may see has become."""
    return Decided(*db.session.execute(_DECIDED.where(Decision.id == decision.id)).one())


def count_decisions(session: CoachingSession) -> int:
    mine = select(func.count()).where(Decision.session_id == session.id)
    return db.session.scalar(mine) or 0


def get_decision(actor: Actor, project: Project, number: int) -> tuple[Decision, CoachingSession]:
    """A decision and its session. Raises `NotFound`."""
    one = (
        of_project(actor, Decision, project)
        .where(Decision.number == number)
        .add_columns(CoachingSession)
        .join(CoachingSession, CoachingSession.id == Decision.session_id)
    )
    found = db.session.execute(one).first()
    if found is None:
        raise NotFound
    return found[0], found[1]


def find_own_track(actor: Actor, project: Project) -> UUID | None:
    """The track on which the actor coaches a project; None where that is none, or several."""
    mine = select(RoleAssignment.track_id).where(
        RoleAssignment.scope_id == project.id,
        RoleAssignment.person_id == actor.person_id,
        RoleAssignment.track_id.is_not(None),
    )
    found = db.session.scalars(mine.limit(2)).all()
    return found[0] if len(found) == 1 else None

"""Queries of coaching sessions and decisions; results are filtered by what the actor may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, func, select

from portal.coaching.recommendations.models import Recommendation
from portal.coaching.sessions import policy
from portal.coaching.sessions.models import IS_NEXT_DAY_IN_FORCE, IS_WRITTEN, CoachingSession, Decision
from portal.collaboration.discussions.models import Discussion
from portal.people.accounts.models import Person
from portal.people.programmes.models import RoleAssignment, Track
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, get_row
from portal.project.projects import policy as projects
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import (
    ListPage,
    get_row_with_parent,
    read_joined_page,
    select_in_project,
)
from portal.project.projects.queries import get_programme_of
from portal.project.projects.to_decide_queries import WAITING_MAX
from portal.sprints.backlog.models import Item

_of_project = CoachingSession.project_id == bindparam("project")
# For a project's page: the number of sessions, and the day of the last of which something is written.
PROJECT_FIGURES = (
    select(func.count()).where(_of_project).scalar_subquery(),
    select(func.max(CoachingSession.held_on)).where(_of_project, IS_WRITTEN).scalar_subquery(),
)


@dataclass(frozen=True)
class LoggedSession:
    """A session, its track (None: all together), the name of who logged it, how many decisions."""

    row: CoachingSession
    track: Track | None
    author: str
    decisions: int

    @property
    def is_written(self) -> bool:
        """Whether something is written of it; else it does not count yet."""
        return bool(self.row.minutes or self.decisions)


@dataclass(frozen=True)
class DecisionWithFollowUp:
    """A decision and the recommendation or item made of it; `comments`: how many the recommendation has."""

    row: Decision
    recommendation: Recommendation | None
    item: Item | None
    comments: int


def get_session(actor: Actor, project: Project, number: int) -> LoggedSession:
    """Raises `NotFound`."""
    sessions = _select_sessions(actor, project)
    return LoggedSession(*get_row(sessions.where(CoachingSession.number == number)))


def _select_sessions(actor: Actor, project: Project) -> Select[CoachingSession, Track, str, int]:
    count = select(func.count()).where(Decision.session_id == CoachingSession.id)
    return (
        select_in_project(actor, CoachingSession, project)
        .add_columns(Track, Person.name, count.correlate(CoachingSession).scalar_subquery())
        .outerjoin(Track, Track.id == CoachingSession.track_id)
        .join(Person, Person.id == CoachingSession.author_id)
    )


def read_sessions_page(actor: Actor, project: Project, page: int = 1) -> ListPage[LoggedSession]:
    """A page of a project's sessions, latest first; page 1 when `page` is beyond the last."""
    latest_first = CoachingSession.held_on.desc(), CoachingSession.number.desc()
    sessions = _select_sessions(actor, project).order_by(*latest_first)
    return read_joined_page(sessions, page, LoggedSession)


_DECISIONS = (
    select(Decision, Recommendation, Item, func.coalesce(Discussion.comment_count, 0))
    .outerjoin(Recommendation, Recommendation.id == Decision.recommendation_id)
    .outerjoin(Discussion, Discussion.id == Recommendation.discussion_id)
    .outerjoin(Item, Item.id == Decision.item_id)
)


def find_last_session_number(project: Project) -> int | None:
    """The number of the latest session of a project that the caller may see, whatever is written of it."""
    sessions = select(CoachingSession.number).where(CoachingSession.project_id == project.id)
    latest_first = CoachingSession.held_on.desc(), CoachingSession.number.desc()
    return db.session.scalar(sessions.order_by(*latest_first).limit(1))


def list_own_unwritten_sessions(actor: Actor) -> Sequence[tuple[CoachingSession, Project]]:
    """Sessions before today of which nothing is written, of active teams, for whom it is to write; the
    oldest first."""
    statement = (
        select(CoachingSession, Project)
        .join(Project, Project.id == CoachingSession.project_id)
        .where(
            policy.unwritten_session_condition(actor),
            CoachingSession.held_on < clock.today(),
            ~IS_WRITTEN,
            *projects.IS_ACTIVE,
        )
        .order_by(CoachingSession.held_on, CoachingSession.id)
        .limit(WAITING_MAX)
    )
    return [(row[0], row[1]) for row in db.session.execute(statement)]


def find_first_session_day(project: Project) -> date:
    """The first day on which a session of a project may have been held: that of its programme or its own."""
    return min(project.starts_on, get_programme_of(project).starts_on)


def can_log_session_today(actor: Actor, project: Project) -> bool:
    """Whether the actor logs sessions, and one may have been held already: for what offers the form."""
    if not policy.can_log_sessions(actor, project):
        return False
    today = clock.today()
    return project.starts_on <= today or find_first_session_day(project) <= today


def list_session_decisions(session: CoachingSession) -> Sequence[DecisionWithFollowUp]:
    """The decisions of a session that the caller may see, in order."""
    statement = _DECISIONS.where(Decision.session_id == session.id).order_by(Decision.number)
    return [DecisionWithFollowUp(*row) for row in db.session.execute(statement)]


def get_follow_up(decision: Decision) -> DecisionWithFollowUp:
    """The follow-up of a decision that the caller may see."""
    return DecisionWithFollowUp(*db.session.execute(_DECISIONS.where(Decision.id == decision.id)).one())


def count_session_decisions(session: CoachingSession) -> int:
    statement = select(func.count()).where(Decision.session_id == session.id)
    return db.session.scalar(statement) or 0


def get_decision_and_session(actor: Actor, project: Project, number: int) -> tuple[Decision, CoachingSession]:
    """A decision and its session. Raises `NotFound`."""
    return get_row_with_parent(actor, Decision, (CoachingSession, Decision.session_id), project, number)


def read_next_meeting_facts(actor: Actor, project: Project, first_day: date) -> dict[str, Any]:
    """Day, hour, length and place of the session that was fixed for `first_day` or later, the actor's
    own first; empty where none is to come. The caller may advise the project."""
    names = ("next_on", "hour", "duration", "place")
    statement = (
        select(*(getattr(CoachingSession, name) for name in names))
        .where(
            CoachingSession.project_id == project.id,
            CoachingSession.next_on >= first_day,
            IS_NEXT_DAY_IN_FORCE,
        )
        .order_by((CoachingSession.author_id == actor.person_id).desc(), CoachingSession.held_on.desc())
        .limit(1)
    )
    row = db.session.execute(statement).first()
    return dict(zip(names, row, strict=True)) if row else {}


def find_own_track_id(actor: Actor, project: Project) -> UUID | None:
    """The track on which the actor coaches a project; None if there is none or several."""
    statement = select(RoleAssignment.track_id).where(
        RoleAssignment.scope_id == project.id,
        RoleAssignment.person_id == actor.person_id,
        RoleAssignment.track_id.is_not(None),
    )
    track_ids = db.session.scalars(statement.limit(2)).all()
    return track_ids[0] if len(track_ids) == 1 else None

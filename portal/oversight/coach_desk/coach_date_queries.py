"""Dates between a coach and their teams: sessions on the coach's track."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from portal.coaching.sessions.models import IS_NEXT_DAY_IN_FORCE, IS_WRITTEN, CoachingSession
from portal.oversight.coach_desk import policy
from portal.people.programmes.models import RoleAssignment
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.project.projects import policy as projects
from portal.project.projects.models import Project

# A session of all tracks is a contact on each, and a coach of no track meets all of them.
_ON_TRACK: ColumnElement[bool] = or_(
    CoachingSession.track_id.is_(None),
    RoleAssignment.track_id.is_(None),
    CoachingSession.track_id == RoleAssignment.track_id,
)
_IS_OF_COACH = and_(CoachingSession.project_id == RoleAssignment.scope_id, _ON_TRACK)
IS_CONTACT = and_(_IS_OF_COACH, IS_WRITTEN)


@dataclass(frozen=True)
class AccompaniedTeam:
    """A team that the actor coaches, the last session on their track, and the next day agreed and not
    replaced since: the first one to come, else the last one that passed. `hour` and `duration` are those
    of the next."""

    project: Project
    last_on: date | None
    next_on: date | None
    hour: str = ""
    duration: int | None = None

    def has_missed_session(self, today: date) -> bool:
        """Whether the day agreed has passed and no session was logged since."""
        return bool(
            self.next_on and self.next_on < today and not (self.last_on and self.last_on >= self.next_on)
        )


def list_accompanied_teams(actor: Actor) -> Sequence[AccompaniedTeam]:
    """The active teams that the actor coaches, whoever was not met for longest first."""
    last_on = func.max(case((IS_WRITTEN, CoachingSession.held_on)))
    contacts = (
        select(
            RoleAssignment.scope_id,
            last_on.label("last_on"),
            func.max(case((IS_NEXT_DAY_IN_FORCE, CoachingSession.next_on))).label("next_on"),
        )
        .outerjoin(CoachingSession, _IS_OF_COACH)
        .where(RoleAssignment.person_id == actor.person_id, RoleAssignment.role == policy.COACH)
        .group_by(RoleAssignment.scope_id)
        .subquery()
    )
    statement = (
        select(Project, contacts.c.last_on, contacts.c.next_on)
        .join(contacts, contacts.c.scope_id == Project.id)
        .where(*projects.IS_ACTIVE)
        .order_by(contacts.c.last_on.asc().nulls_first(), Project.organisation_fold, Project.slug)
    )
    coming = _read_next_session_by_team(actor)
    return [
        AccompaniedTeam(project, last_on, *coming.get(project.id, (next_on,)))
        for project, last_on, next_on in db.session.execute(statement)
    ]


def _read_next_session_by_team(actor: Actor) -> Mapping[UUID, tuple[date, str, int | None]]:
    """The next session to come of each team on the actor's track: its day, hour and length."""
    statement = (
        select(
            RoleAssignment.scope_id, CoachingSession.next_on, CoachingSession.hour, CoachingSession.duration
        )
        .join(CoachingSession, _IS_OF_COACH)
        .where(
            RoleAssignment.person_id == actor.person_id,
            RoleAssignment.role == policy.COACH,
            CoachingSession.next_on >= clock.today(),
            IS_NEXT_DAY_IN_FORCE,
        )
        .order_by(CoachingSession.next_on.desc(), CoachingSession.hour.desc())
    )
    rows = db.session.execute(statement)
    return {
        scope_id: (next_on, hour, duration)
        for scope_id, next_on, hour, duration in rows
        if next_on is not None
    }

"""The length and the place of the meetings of a team."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select, union_all

from portal.coaching.clinics.models import Clinic
from portal.coaching.sessions.models import CoachingSession
from portal.platform.kernel.database import db
from portal.project.projects.models import Project

USUAL_DURATION = 60  # minutes, where none was ever set
_MEETINGS_READ = 20


@dataclass(frozen=True)
class UsualMeeting:
    """What a form proposes; `duration` in minutes."""

    duration: int
    place: str


def read_usual_meeting(project: Project) -> UsualMeeting:
    """Those of the team's latest session or clinic that has them. The caller may advise the project. One
    statement."""
    meetings = union_all(
        _select_meetings(Clinic, Clinic.planned_on, project),
        _select_meetings(CoachingSession, CoachingSession.next_on, project),
    ).subquery()
    statement = (
        select(meetings.c.duration, meetings.c.place).order_by(meetings.c.day.desc()).limit(_MEETINGS_READ)
    )
    rows = db.session.execute(statement).all()
    return UsualMeeting(
        duration=next((row.duration for row in rows if row.duration), USUAL_DURATION),
        place=next((row.place for row in rows if row.place), ""),
    )


def _select_meetings(model: Any, day: Any, project: Project) -> Select[Any]:
    return select(day.label("day"), model.duration, model.place).where(
        day.is_not(None), model.project_id == project.id
    )

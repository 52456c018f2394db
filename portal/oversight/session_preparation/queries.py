"""What a coach reads before a session: the last one, what was advised since, what waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select

from portal.coaching.recommendations.models import Recommendation, RecommendationStage
from portal.coaching.sessions.models import IS_WRITTEN, CoachingSession
from portal.coaching.sessions.queries import LoggedSession, get_session, read_next_meeting_facts
from portal.oversight.decisions.models import AwaitedDecision
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import select_in_project

ADVICE_MAX = 40
_OPEN_STAGES = (RecommendationStage.PROPOSED, RecommendationStage.ACCEPTED, RecommendationStage.COMPLETED)


@dataclass(frozen=True)
class LastSession:
    """The session since which a coach looks: their own last one, else the project's. `session` None:
    none was held, and `since` is the project's first day. It is when the session was logged, at the latest
    the end of its day: what a team does after it on that day counts. `next_on` is the next day that was
    fixed."""

    session: LoggedSession | None
    since: datetime
    next_on: date | None


def read_last_session(actor: Actor, project: Project) -> LastSession:
    """The last session that the actor logged, else the last of all: a session counts once
    something is written of it. Four statements at most."""
    own_first = (CoachingSession.author_id == actor.person_id).desc()
    statement = (
        select(CoachingSession.number, CoachingSession.held_on, CoachingSession.created_at)
        .where(CoachingSession.project_id == project.id, IS_WRITTEN)
        .order_by(own_first, CoachingSession.held_on.desc(), CoachingSession.number.desc())
        .limit(1)
    )
    row = db.session.execute(statement).first()
    held_on = row.held_on if row else project.starts_on - timedelta(days=1)
    first_day = max(clock.today(), held_on + timedelta(days=1))
    next_on = read_next_meeting_facts(actor, project, first_day).get("next_on")
    session = get_session(actor, project, row.number) if row else None
    day_end = clock.end_of_day(held_on)
    return LastSession(session, min(day_end, row.created_at) if row else day_end, next_on)


def list_open_and_recent_advice(actor: Actor, project: Project, since: datetime) -> Sequence[Recommendation]:
    """The recommendations that are open, or were answered or confirmed since; those that wait for a
    coach first. One statement."""
    statement = (
        select_in_project(actor, Recommendation, project)
        .where(
            or_(
                Recommendation.stage.in_(_OPEN_STAGES),
                Recommendation.answered_at > since,
                Recommendation.confirmed_at > since,
            )
        )
        .order_by(
            (Recommendation.stage == RecommendationStage.COMPLETED).desc(), Recommendation.number.desc()
        )
        .limit(ADVICE_MAX)
    )
    return db.session.scalars(statement).all()


def list_awaited_decisions(actor: Actor, project: Project) -> Sequence[AwaitedDecision]:
    """The decisions that the team awaits, and the help that it asks for by a question, the oldest first. One
    statement."""
    statement = (
        select_in_project(actor, AwaitedDecision, project)
        .where(AwaitedDecision.closed_at.is_(None))
        .order_by(AwaitedDecision.created_at, AwaitedDecision.number)
    )
    return db.session.scalars(statement).all()

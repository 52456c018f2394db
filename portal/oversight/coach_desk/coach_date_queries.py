"""Dates between a coach and their teams: sessions on the coach's track, recommendations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select

from portal.coaching.recommendations.models import Recommendation, RecommendationStage
from portal.coaching.recommendations.queries import SILENCE_STEPS
from portal.coaching.sessions.models import CoachingSession
from portal.oversight.coach_desk import policy
from portal.people.programmes.models import RoleAssignment
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db

# A session of all tracks is a contact on each, and a coach of no track meets all of them.
_ON_TRACK: ColumnElement[bool] = or_(
    CoachingSession.track_id.is_(None),
    RoleAssignment.track_id.is_(None),
    CoachingSession.track_id == RoleAssignment.track_id,
)
IS_CONTACT = and_(CoachingSession.project_id == RoleAssignment.scope_id, _ON_TRACK)


@dataclass(frozen=True)
class CoachDates:
    """The last session on the actor's track, the last day agreed for a next one, and what
    recommendations wait for."""

    last_on: date | None
    next_on: date | None
    advice: Mapping[str, Any]


def read_dates(actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID, CoachDates]:
    """Per project, in one statement."""
    statement = (
        select(
            RoleAssignment.scope_id,
            func.max(CoachingSession.held_on),
            func.max(CoachingSession.next_on),
            *_advice_columns(),
        )
        .outerjoin(CoachingSession, IS_CONTACT)
        .where(
            RoleAssignment.person_id == actor.person_id,
            RoleAssignment.role == policy.COACH,
            RoleAssignment.scope_id.in_(ids),
        )
        .group_by(RoleAssignment.scope_id)
    )
    return {
        id_: CoachDates(last_on, next_on, _advice_signs(*advice))
        for id_, last_on, next_on, *advice in db.session.execute(statement)
    }


def _advice_columns() -> Sequence[ColumnElement[Any]]:
    """Recommendations unanswered since the first step of silence, and those done: how many, and
    since when."""
    silent = and_(
        Recommendation.stage == RecommendationStage.PROPOSED,
        Recommendation.created_at <= clock.now() - timedelta(days=SILENCE_STEPS[0]),
    )
    is_done = Recommendation.stage == RecommendationStage.COMPLETED
    return [
        select(figure)
        .where(Recommendation.project_id == RoleAssignment.scope_id, condition)
        .correlate(RoleAssignment)
        .scalar_subquery()
        for figure, condition in (
            (func.count(), silent),
            (func.min(Recommendation.created_at), silent),
            (func.count(), is_done),
            (func.min(Recommendation.done_at), is_done),
        )
    ]


def _advice_signs(
    unanswered: int, since: datetime | None, to_confirm: int, done_at: datetime | None
) -> Mapping[str, Any]:
    return {
        "unanswered": unanswered,
        "unanswered_since": since and clock.day_of(since),
        "to_confirm": to_confirm,
        "done_since": done_at and clock.day_of(done_at),
    }

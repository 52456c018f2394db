"""Coaching sessions and their decisions."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, and_, or_, select
from sqlalchemy.orm import Mapped, aliased, mapped_column

from portal.coaching.recommendations.models import Recommendation
from portal.collaboration.discussions.models import Discussion
from portal.communication.calendar.meeting_models import PLACE_MAX, MeetingTime
from portal.people.accounts.models import Person
from portal.people.programmes.models import Track
from portal.project.projects.models import Numbered
from portal.sprints.backlog.models import Item

LINE_MAX = 200
MINUTES_MAX = 20_000


class SessionFormat(StrEnum):
    """How a team and its coaches met. The first four are the programme's own formats."""

    KICKOFF = "kickoff"  # réunion de lancement
    IMMERSION = "business_immersion"  # immersion métier
    WEEKLY = "weekly_point"  # point hebdomadaire
    BUSINESS_WORKSHOP = "business_workshop"  # atelier métier
    CLINIC = "clinic"
    CALL = "call"
    WORKSHOP = "workshop"


class CoachingSession(MeetingTime, Numbered):
    """`track_id` is None where all tracks met together, `next_on` is the day agreed for the next
    session, with its `hour`, `duration` and `place`; `author_id` is the person who logged it."""

    __tablename__ = "coaching_session"
    page_path = "/coaching/{number}"
    unrecorded = frozenset({"author_id"})
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        CheckConstraint("next_on IS NULL OR next_on > held_on", name="next_comes_after"),
        Index("ix_coaching_session_project_id_held_on", "project_id", "held_on"),
    )

    discussion_id: Mapped[UUID] = mapped_column(ForeignKey(Discussion.id), unique=True)
    track_id: Mapped[UUID | None] = mapped_column(ForeignKey(Track.id))
    author_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    held_on: Mapped[date]
    format: Mapped[SessionFormat]
    minutes: Mapped[str] = mapped_column(Text, default="")
    next_on: Mapped[date | None]
    place: Mapped[str] = mapped_column(String(PLACE_MAX), default="")


class Decision(Numbered):
    """A decision of a session; `number` counts within the project. `recommendation_id` or `item_id`
    is its follow-up: at most one of them is set."""

    __tablename__ = "coaching_decision"
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        CheckConstraint("what <> ''", name="says_what"),
        CheckConstraint("recommendation_id IS NULL OR item_id IS NULL", name="becomes_one_thing_at_most"),
    )

    session_id: Mapped[UUID] = mapped_column(ForeignKey(CoachingSession.id), index=True)
    what: Mapped[str] = mapped_column(String(LINE_MAX))
    recommendation_id: Mapped[UUID | None] = mapped_column(ForeignKey(Recommendation.id), unique=True)
    item_id: Mapped[UUID | None] = mapped_column(ForeignKey(Item.id), unique=True)


# A session counts as having met the team once something is written of it: minutes, or a decision.
IS_WRITTEN = or_(
    CoachingSession.minutes != "",
    select(Decision.id).where(Decision.session_id == CoachingSession.id).correlate(CoachingSession).exists(),
)
# The day that a session agreed for the next one stands until a later session of the track agrees another.
_later = aliased(CoachingSession)
IS_NEXT_DAY_IN_FORCE = (
    ~select(_later.id)
    .where(
        _later.project_id == CoachingSession.project_id,
        _later.track_id.is_not_distinct_from(CoachingSession.track_id),
        _later.next_on.is_not(None),
        or_(
            _later.held_on > CoachingSession.held_on,
            and_(_later.held_on == CoachingSession.held_on, _later.number > CoachingSession.number),
        ),
    )
    .correlate(CoachingSession)
    .exists()
)

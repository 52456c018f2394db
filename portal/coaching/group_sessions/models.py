"""Group sessions, attendance by team, and the satisfaction survey as tallies only."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.communication.calendar.meeting_models import MeetingTime
from portal.communication.calendar.meeting_rules import has_meeting_begun
from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme
from portal.platform.kernel.database import Base, Entity, Versioned
from portal.project.projects.models import Project

LINE_MAX = 200
TEXT_MAX = 20_000
REASON_MAX = 2000
NUMBER_MAX = 9999
PEOPLE_MAX = 99  # per team and session
QUESTIONS = (1, 2, 3)
MARKS = (1, 2, 3, 4, 5)  # from « pas du tout » to « tout à fait »


class Gathering(MeetingTime, Versioned, Entity):
    """A group session. `number` counts within the programme, `place` is an address or a link,
    `counted_at` is when attendance was last recorded, `cancelled_at` when it was cancelled."""

    __tablename__ = "gathering"
    __table_args__ = (
        UniqueConstraint("programme_id", "number"),
        CheckConstraint("title <> ''", name="has_a_title"),
    )

    programme_id: Mapped[UUID] = mapped_column(ForeignKey(Programme.id))
    number: Mapped[int]
    author_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    title: Mapped[str] = mapped_column(String(LINE_MAX))
    held_on: Mapped[date]
    place: Mapped[str] = mapped_column(String(LINE_MAX), default="")
    agenda: Mapped[str] = mapped_column(Text, default="")
    minutes: Mapped[str] = mapped_column(Text, default="")
    counted_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancelled_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    cancelled_because: Mapped[str | None] = mapped_column(Text)

    @property
    def is_upcoming(self) -> bool:
        """Whether it takes place, and its hour is to come, or its day where it has none."""
        return self.cancelled_at is None and not has_meeting_begun(self.held_on, self.hour)

    @property
    def has_begun(self) -> bool:
        """Whether it took place, or takes place now."""
        return self.cancelled_at is None and has_meeting_begun(self.held_on, self.hour)


TAKES_PLACE = Gathering.cancelled_at.is_(None)


class TeamAttendance(Base):
    """How many people of a team came, without their names."""

    __tablename__ = "gathering_attendance"
    __table_args__ = (CheckConstraint(f"people BETWEEN 0 AND {PEOPLE_MAX}", name="people"),)

    gathering_id: Mapped[UUID] = mapped_column(ForeignKey(Gathering.id), primary_key=True)
    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id), primary_key=True)
    people: Mapped[int]


class SatisfactionTally(Base):
    """How often a mark was given to a question. Answers have no rows of their own, so nothing links
    a mark to a person, or one person's marks to each other."""

    __tablename__ = "satisfaction_tally"
    __table_args__ = (
        CheckConstraint("question BETWEEN 1 AND 3 AND mark BETWEEN 1 AND 5", name="on_scale"),
        CheckConstraint("answer_count >= 0", name="counts"),
    )

    gathering_id: Mapped[UUID] = mapped_column(ForeignKey(Gathering.id), primary_key=True)
    question: Mapped[int] = mapped_column(primary_key=True)
    mark: Mapped[int] = mapped_column(primary_key=True)
    answer_count: Mapped[int]


class SatisfactionRespondent(Base):
    """Who has answered, so that nobody answers twice; neither their marks nor the time."""

    __tablename__ = "satisfaction_given"

    gathering_id: Mapped[UUID] = mapped_column(ForeignKey(Gathering.id), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id), primary_key=True)

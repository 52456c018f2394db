"""A clinic answers the help request in a sprint's log. The row exists once a coach claims it."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.communication.calendar.meeting_models import PLACE_MAX, MeetingTime
from portal.people.accounts.models import Person
from portal.platform.kernel.database import Entity, Versioned
from portal.project.projects.models import Project
from portal.sprints.sprints.models import Sprint

OUTCOME_MAX = 4000


class HelpRequestStage(StrEnum):
    """The state of a help request."""

    REQUESTED = "asked"  # unclaimed
    CLAIMED = "taken"
    SCHEDULED = "dated"
    CONDUCTED = "held"
    CLOSED = "closed"


class Clinic(MeetingTime, Versioned, Entity):
    """`requested_at` is when the team asked, `taken_at` when the first coach
    claimed the request: the difference is the waiting time, also if another coach took it over; a claim that
    is given back leaves no row, and the next one counts from `requested_at` again.
    `hour`, `duration` and `place` are those of `planned_on`. Once closed, it keeps the words of its
    request; `asked_again_at` is when the team made the next request of the same sprint."""

    __tablename__ = "clinic"
    __table_args__ = (
        CheckConstraint(
            "(closed_at IS NULL) = (closed_by_id IS NULL) AND (closed_at IS NULL OR outcome <> '')",
            name="closed_by_name_with_what_came_of_it",
        ),
        Index(
            "uq_clinic_one_current",
            "sprint_id",
            unique=True,
            sqlite_where=text("asked_again_at IS NULL"),
            postgresql_where=text("asked_again_at IS NULL"),
        ),
    )

    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id), index=True)
    sprint_id: Mapped[UUID] = mapped_column(ForeignKey(Sprint.id), index=True)
    requested_at: Mapped[datetime]
    taken_at: Mapped[datetime]
    taken_by_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id), index=True)
    planned_on: Mapped[date | None]
    place: Mapped[str] = mapped_column(String(PLACE_MAX), default="")
    held_on: Mapped[date | None]
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    outcome: Mapped[str] = mapped_column(Text, default="")
    blocker_text: Mapped[str] = mapped_column(Text, default="")
    asked_again_at: Mapped[datetime | None]

    @property
    def step(self) -> HelpRequestStage:
        if self.closed_at is not None:
            return HelpRequestStage.CLOSED
        if self.held_on is not None:
            return HelpRequestStage.CONDUCTED
        return HelpRequestStage.SCHEDULED if self.planned_on is not None else HelpRequestStage.CLAIMED

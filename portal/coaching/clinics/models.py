"""A clinic answers the help that a sprint's log asks for. There is a row once a coach takes it."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.people.accounts.models import Person
from portal.platform.kernel.database import Entity, Versioned
from portal.project.projects.models import Project
from portal.sprints.sprints.models import Sprint

OUTCOME_MAX = 4000


class ClinicStep(StrEnum):
    """How far the help has come."""

    REQUESTED = "asked"  # nobody has taken it
    CLAIMED = "taken"
    SCHEDULED = "dated"
    CONDUCTED = "held"
    CLOSED = "closed"


class Clinic(Versioned, Entity):
    """`asked_at` is when the sprint was closed that asks for it, `taken_at` when a first coach took
    it: how long a team waited is between the two, whoever took it over since."""

    __tablename__ = "clinic"
    __table_args__ = (
        CheckConstraint(
            "(closed_at IS NULL) = (closed_by_id IS NULL) AND (closed_at IS NULL OR outcome <> '')",
            name="closed_by_name_with_what_came_of_it",
        ),
    )

    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id), index=True)
    sprint_id: Mapped[UUID] = mapped_column(ForeignKey(Sprint.id), unique=True)
    requested_at: Mapped[datetime]
    taken_at: Mapped[datetime]
    taken_by_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id), index=True)
    planned_on: Mapped[date | None]
    held_on: Mapped[date | None]
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    outcome: Mapped[str] = mapped_column(Text, default="")

    @property
    def step(self) -> ClinicStep:
        if self.closed_at is not None:
            return ClinicStep.CLOSED
        if self.held_on is not None:
            return ClinicStep.CONDUCTED
        return ClinicStep.SCHEDULED if self.planned_on is not None else ClinicStep.CLAIMED

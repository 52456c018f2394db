"""A committee of a programme. Decisions belong to it by their date, not by a reference."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.communication.calendar.meeting_models import PLACE_MAX, MeetingTime
from portal.communication.calendar.meeting_rules import has_meeting_begun
from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme
from portal.platform.kernel.database import Entity, Versioned

TEXT_MAX = 4000
NUMBER_MAX = 999
DECISIONS = "decisions"  # the kind of what waits that the record holds in its own words


class Committee(MeetingTime, Versioned, Entity):
    """`members` are functions or names, one a line; `agenda` is what is added to what waits.

    `closed_at` is when its record was closed. `decided_until` is the end of its day, or that close where
    it came first: the decisions answered since that of the record before and until then are those of
    this committee; None of records closed by version 0.9.0, which end with their close.
    `closed_agenda` is what else waited then: kind, then name of the team, path, day and titles of each
    line; the kind `DECISIONS` has none, and is missing in records closed by version 0.12.0 or before."""

    __tablename__ = "committee"
    __table_args__ = (
        UniqueConstraint("programme_id", "number"),
        CheckConstraint("(closed_at IS NULL) = (closed_by_id IS NULL)", name="closed_by_name"),
    )

    programme_id: Mapped[UUID] = mapped_column(ForeignKey(Programme.id))
    number: Mapped[int]
    held_on: Mapped[date]
    place: Mapped[str] = mapped_column(String(PLACE_MAX), default="")
    members: Mapped[str] = mapped_column(Text, default="")
    agenda: Mapped[str] = mapped_column(Text, default="")
    author_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    decided_until: Mapped[datetime | None]
    closed_agenda: Mapped[list[Any] | None] = mapped_column(JSON)

    @property
    def lists_projects_over(self) -> bool:
        """Whether its record lists what stopped and finished projects await: closed by version 0.12.0
        or before."""
        kinds = [kind for kind, _lines in self.closed_agenda or ()]
        return self.closed_at is not None and DECISIONS not in kinds

    @property
    def holds_change_requests(self) -> bool:
        """Whether its record holds the decisions on change requests: closed later than version 0.12.0."""
        return not self.lists_projects_over

    @property
    def has_begun(self) -> bool:
        """Whether its hour came, or its day where it has none: its record can be closed."""
        return has_meeting_begun(self.held_on, self.hour)

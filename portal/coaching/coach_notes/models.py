"""Coaches’ notes on a project, without discussion, files or feed, which could leak them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.people.accounts.models import Person
from portal.project.projects.models import Numbered

BODY_MAX = 10_000


class CoachNote(Numbered):
    """With `hand_over_requested_at` the note asks the programme's lead to hand the author's team over, to
    `hand_over_to_id` where the author proposes somebody; its text says why."""

    __tablename__ = "coach_note"
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        CheckConstraint("body <> ''", name="says_something"),
    )

    author_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    body: Mapped[str] = mapped_column(Text)
    edited_at: Mapped[datetime | None]
    hand_over_to_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    hand_over_requested_at: Mapped[datetime | None]
    hand_over_refused_at: Mapped[datetime | None]

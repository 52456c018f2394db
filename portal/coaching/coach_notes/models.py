"""Coaches’ notes on a project, without discussion, files or feed, which could leak them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.people.accounts.models import Person
from portal.project.projects.models import Numbered

BODY_MAX = 10_000


class CoachNote(Numbered):
    __tablename__ = "coach_note"
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        CheckConstraint("body <> ''", name="says_something"),
    )

    author_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    body: Mapped[str] = mapped_column(Text)
    edited_at: Mapped[datetime | None]

"""What a team adds to its sheet, and what was published: a copy that nothing changes afterwards."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.people.accounts.models import Person
from portal.platform.kernel.database import Entity, Versioned
from portal.project.projects.models import Numbered, Project

TEXT_MAX = 3000
LINE_MAX = 300
REASON_MAX = 1000
SHA256_LENGTH = 64


class TransparencyPart(StrEnum):
    """What is written, and saved, together."""

    PUBLIC = "public"  # tier 1, for everybody
    EXPERTS = "experts"  # tier 2, for who wants to know how
    CHOICE = "choice"  # which rows of the project appear


class SheetPart(Versioned, Entity):
    """The team's own words, by field and language (`summary.fr`); or the numbers that it chose."""

    __tablename__ = "transparency_part"
    __table_args__ = (UniqueConstraint("project_id", "part"),)

    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id))
    part: Mapped[TransparencyPart]
    values: Mapped[dict[str, Any]] = mapped_column(JSON)


class Publication(Numbered):
    """What anybody reads: `content` is the sheet in both languages as it was on that day, and
    `fingerprint` its SHA-256. It ends when it is withdrawn, or when another one takes its place."""

    __tablename__ = "publication"
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="ended_by_somebody"),
        # One is read at a time.
        Index(
            "uq_publication_read",
            "project_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    fingerprint: Mapped[str] = mapped_column(String(SHA256_LENGTH))
    published_on: Mapped[date]
    published_by_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    withdrawn_because: Mapped[str] = mapped_column(String(REASON_MAX), default="")

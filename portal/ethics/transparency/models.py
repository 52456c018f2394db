"""Rows of the team's texts and of publications, which are immutable copies of a sheet."""

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


class TransparencyPartKind(StrEnum):
    """What is edited and saved together."""

    PUBLIC = "public"  # the texts of tier 1, for everybody
    EXPERTS = "experts"  # the texts of tier 2, the details
    CHOICE = "choice"  # the selected rows of the project


class StoredTransparencyPart(Versioned, Entity):
    """The team's texts by field and language (`summary.fr`), or the numbers of selected rows."""

    __tablename__ = "transparency_part"
    __table_args__ = (UniqueConstraint("project_id", "part"),)

    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id))
    part: Mapped[TransparencyPartKind]
    values: Mapped[dict[str, Any]] = mapped_column(JSON)


class Publication(Numbered):
    """An edition of a sheet that anybody may read, until it is withdrawn or replaced.

    `content` is the sheet in both languages (`documents.build_bilingual_sheet`), `fingerprint` its SHA-256.
    """

    __tablename__ = "publication"
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="ended_by_somebody"),
        # One edition is public at a time.
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

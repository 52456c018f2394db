"""Rows of readiness sheets and of their sections."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.collaboration.discussions.models import Discussion
from portal.ethics.questionnaires.definition_rules import KEY_MAX
from portal.people.accounts.models import Person
from portal.platform.kernel.database import Entity, Versioned
from portal.project.projects.models import Numbered
from portal.sprints.prototypes.models import PrototypeVersion


class Sheet(Numbered):
    """A sheet of a project. It never changes once it is complete.

    `kind` and `edition` name its definition (`queries.get_definition`). `saved_at` and
    `saved_by_id` are those of the last save of any section, None before the first.
    """

    __tablename__ = "sheet"
    page_path = "/file/sheets/{number}"
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        CheckConstraint("(completed_on IS NULL) = (completed_by_id IS NULL)", name="completed_by_somebody"),
        # One sheet of a kind is open at a time.
        Index(
            "uq_sheet_open",
            "project_id",
            "kind",
            unique=True,
            sqlite_where=text("completed_on IS NULL"),
            postgresql_where=text("completed_on IS NULL"),
        ),
    )

    discussion_id: Mapped[UUID] = mapped_column(ForeignKey(Discussion.id), unique=True)
    kind: Mapped[str] = mapped_column(String(KEY_MAX))
    edition: Mapped[int]
    prototype_version_id: Mapped[UUID | None] = mapped_column(ForeignKey(PrototypeVersion.id), index=True)
    saved_at: Mapped[datetime | None]
    saved_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    completed_on: Mapped[date | None]
    completed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))


class SheetSection(Versioned, Entity):
    """The answers of one section, a row each: saves of different sections never conflict."""

    __tablename__ = "sheet_section"
    __table_args__ = (UniqueConstraint("sheet_id", "key"),)

    sheet_id: Mapped[UUID] = mapped_column(ForeignKey(Sheet.id))
    key: Mapped[str] = mapped_column(String(KEY_MAX))
    edition: Mapped[int]  # the sheet's, to refuse a save of a former edition
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)

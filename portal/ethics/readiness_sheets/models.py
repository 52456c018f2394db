"""A sheet that a team fills, section by section, and what it answered."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.collaboration.discussions.models import Discussion
from portal.ethics.questionnaires.definition_rules import KEY_MAX, Questionnaire
from portal.ethics.readiness_sheets.definition_documents import editions, latest_of
from portal.people.accounts.models import Person
from portal.platform.kernel.database import Entity, Versioned
from portal.project.projects.models import Numbered
from portal.sprints.prototypes.models import PrototypeVersion


class Sheet(Numbered):
    """`kind` and `edition` name the definition it answers. Once complete it never changes.

    `saved_at` and `saved_by_id` are of the last save of any of its sections, None before the first.
    """

    __tablename__ = "sheet"
    page_path = "/file/sheets/{number}"
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        CheckConstraint(
            "(completed_on IS NULL) = (completed_by_id IS NULL)", name="completed_by_somebody"
        ),
        # One of a kind is being filled at a time.
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
    prototype_version_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(PrototypeVersion.id), index=True
    )
    saved_at: Mapped[datetime | None]
    saved_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    completed_on: Mapped[date | None]
    completed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))

    @property
    def definition(self) -> Questionnaire:
        return editions()[self.kind][self.edition]

    @property
    def newer(self) -> Questionnaire | None:
        """The edition that a sheet being filled could move to."""
        last = latest_of(self.kind)
        is_behind = self.completed_on is None and last.edition > self.edition
        return last if is_behind else None


class SheetSection(Versioned, Entity):
    """The answers of one section, by item. Two people who fill two sections do not meet."""

    __tablename__ = "sheet_section"
    __table_args__ = (UniqueConstraint("sheet_id", "key"),)

    sheet_id: Mapped[UUID] = mapped_column(ForeignKey(Sheet.id))
    key: Mapped[str] = mapped_column(String(KEY_MAX))
    edition: Mapped[int]  # the sheet's: whoever had the former one open saves too late
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)

"""Imports, their lines, the sources of items, and saved choices."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import Mapped, mapped_column

from portal.people.accounts.models import Person
from portal.platform.kernel.database import Base, Entity
from portal.project.projects.models import Project
from portal.sprints.backlog.models import TITLE_MAX, Item
from portal.sprints.backlog_import.comparison_rules import ImportLineOutcome
from portal.sprints.backlog_import.mapping_rules import REF_MAX
from portal.sprints.backlog_import.tool_rules import Tool

FILE_NAME_MAX = 200
REF_COLUMN_MAX = REF_MAX + 20


class ImportStage(StrEnum):
    """The stage of an import."""

    WAITING = "waiting"  # for its comparison by the worker
    COMPARED = "compared"  # for decisions and confirmation
    REFUSED = "refused"  # unreadable or not allowed
    CONFIRMED = "confirmed"  # for its writing by the worker
    WRITTEN = "done"


class BacklogImport(Entity):
    """A file of a person for a project, stored until it is written or expires.

    `round` counts comparisons; a decision names the round it is based on. `event_number` is the
    backlog's last event before the comparison. `counts` holds numbers of lines by outcome, `facts`
    the facts of a refusal, `words` the counts of words and unused columns.
    """

    __tablename__ = "backlog_import"
    __table_args__ = (
        Index("ix_backlog_import_stage", "stage"),
        Index("ix_backlog_import_project_id_person_id", "project_id", "person_id"),
    )

    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id))
    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    expires_at: Mapped[datetime] = mapped_column(index=True)
    file_name: Mapped[str] = mapped_column(String(FILE_NAME_MAX))
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    home: Mapped[str] = mapped_column(String(500))  # the absolute URL of the backlog
    encoding: Mapped[str] = mapped_column(String(20))
    delimiter: Mapped[str] = mapped_column(String(1))
    names: Mapped[list[str]] = mapped_column(JSON)
    tool: Mapped[Tool]
    choices: Mapped[dict[str, Any]] = mapped_column(JSON)
    stage: Mapped[ImportStage] = mapped_column(default=ImportStage.WAITING)
    round: Mapped[int] = mapped_column(default=1)
    overtaken: Mapped[bool] = mapped_column(default=False)  # the backlog changed before the writing
    lines_read: Mapped[int] = mapped_column(default=0)
    event_number: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    words: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    refusal: Mapped[str] = mapped_column(String(40), default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]

    @property
    def has_effect(self) -> bool:
        """Whether there are items to add or to change."""
        return any(self.counts.get(name) for name in (ImportLineOutcome.NEW, ImportLineOutcome.CHANGED))

    @property
    def is_under_way(self) -> bool:
        """Whether it waits for the worker."""
        return self.stage in {ImportStage.WAITING, ImportStage.CONFIRMED}


class ImportLine(Base):
    """The comparison of one line. `takes` names the fields that the person takes from the file."""

    __tablename__ = "import_line"
    __table_args__ = (Index("ix_import_line_import_id_outcome_position", "import_id", "outcome", "position"),)

    import_id: Mapped[UUID] = mapped_column(
        ForeignKey(BacklogImport.id, ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    line: Mapped[int]
    outcome: Mapped[ImportLineOutcome]
    ref: Mapped[str] = mapped_column(String(REF_COLUMN_MAX))
    key: Mapped[str] = mapped_column(String(REF_COLUMN_MAX))
    title: Mapped[str] = mapped_column(String(TITLE_MAX))
    reason: Mapped[str] = mapped_column(String(300))
    item_id: Mapped[UUID | None]
    item_number: Mapped[int | None]
    values: Mapped[dict[str, Any]] = mapped_column(JSON)
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    takes: Mapped[list[str]] = mapped_column(JSON)
    mine: Mapped[bool]  # a field was changed here since the last import
    noted: Mapped[bool]  # it has problems that are no errors


class ItemSource(Base):
    """The source of an item, and its values in the file at the last import."""

    __tablename__ = "item_source"
    __table_args__ = (Unique("project_id", "tool", "ref"),)

    item_id: Mapped[UUID] = mapped_column(ForeignKey(Item.id), primary_key=True)
    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id))
    tool: Mapped[Tool]
    ref: Mapped[str] = mapped_column(String(REF_COLUMN_MAX))
    key: Mapped[str] = mapped_column(String(REF_COLUMN_MAX))
    imported_values: Mapped[dict[str, Any]] = mapped_column(JSON)
    imported_at: Mapped[datetime]


class SavedChoices(Base):
    """A team's choices for a tool, for the next import."""

    __tablename__ = "import_choices"

    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id), primary_key=True)
    tool: Mapped[Tool] = mapped_column(primary_key=True)
    choices: Mapped[dict[str, Any]] = mapped_column(JSON)

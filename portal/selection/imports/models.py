"""Where the applications of a call come from, the runs that read them, and what each brought."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.collaboration.files.models import Attachment
from portal.people.accounts.models import Person
from portal.platform.kernel.database import Base, Entity, Versioned
from portal.platform.kernel.sealed_columns import SEALED
from portal.platform.storage.names import NAME_MAX
from portal.selection.applications.models import Application, ApplicationState
from portal.selection.calls.models import Call

ID_MAX = 100
TOKEN_MAX = 400
CODE_MAX = 40
DETAIL_MAX = 300
MOMENT_MAX = 40
HASH_LENGTH = 64
CHECKSUM_MAX = 64
PROCEDURE_MAX = 2**31 - 1
RUN_MAX = 99_999
REMARKS_MAX = 1000


class ImportMode(StrEnum):
    INCREMENTAL = "incremental"  # what changed since the last run
    COMPLETE = "complete"  # everything: shows what is gone, too
    FILE = "file"  # an exported file


READ_MODES = (ImportMode.INCREMENTAL, ImportMode.COMPLETE)  # of a procedure


class RunState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"  # `problem` says why; somebody must act


class RunPhase(StrEnum):
    """What a run reads next; the phases follow each other in this order."""

    FORM = "form"
    APPLICATIONS = "applications"
    UNFINISHED = "unfinished"  # those that the source completes without saying so
    DELETED = "deleted"
    BIN = "bin"
    ABSENT = "absent"


class RemovalKind(StrEnum):
    """How the source said that an application is gone."""

    BIN = "bin"  # it may come back
    DELETED = "deleted"
    ABSENT = "absent"  # a complete run did not see it


class FileOutcome(StrEnum):
    STORED = "stored"
    REFUSED = "refused"  # by size, type or scan; `reason` says it
    AWAY = "away"  # could not be fetched, or not whole: tried again
    PENDING = "pending"  # not scanned by the source yet
    REMOVED = "removed"  # no longer at the source


class CallSource(Versioned, Entity):
    """The procedure from which a call imports. `token` is encrypted (`SecretBox`).

    `mapping` maps fields of an application to those of `form`, the revision that a lead confirmed;
    `revisions` are the ids of all revisions with the same fields. `updated_since` is the latest
    change that the source told, as its text. After a change of the form `new_form` and `changes`
    wait for a lead.
    """

    __tablename__ = "call_source"

    call_id: Mapped[UUID] = mapped_column(ForeignKey(Call.id), unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    procedure_number: Mapped[int]
    procedure_title: Mapped[str] = mapped_column(String(DETAIL_MAX), default="")
    token: Mapped[str] = mapped_column(Text, info=SEALED)
    mapping: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    form: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    revisions: Mapped[list[str]] = mapped_column(JSON, default=list)
    new_form: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    takes_files: Mapped[bool] = mapped_column(default=True)
    is_scheduled: Mapped[bool] = mapped_column(default=False)
    updated_since: Mapped[str] = mapped_column(String(MOMENT_MAX), default="")
    complete_on: Mapped[date | None]

    @property
    def is_ready(self) -> bool:
        """Whether its mapping is confirmed."""
        return bool(self.token and self.form) and not self.changes


class UploadedExportKind(StrEnum):
    CSV = "csv"
    WORKBOOK = "workbook"


class UploadedExport(Versioned, Entity):
    """The file that a lead uploaded for a call, until the next one or a day later (`content` is
    then cleared). A CSV is compressed (zlib).

    `tables` are its sheets as [name, labels of columns]; a CSV has one. `mapping` maps fields of an
    application to columns by label and occurrence, and stays for the next file. `remembered_mapping` holds
    columns that the last imported file lacked, and "" for a guess that the lead refused; a worker of a
    version before reads `mapping` alone.
    """

    __tablename__ = "application_file"

    call_id: Mapped[UUID] = mapped_column(ForeignKey(Call.id), unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    uploaded_at: Mapped[datetime]
    file_name: Mapped[str] = mapped_column(String(NAME_MAX))
    kind: Mapped[UploadedExportKind]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    encoding: Mapped[str] = mapped_column(String(CODE_MAX), default="")
    delimiter: Mapped[str] = mapped_column(String(1), default="")
    tables: Mapped[list[Any]] = mapped_column(JSON)
    columns_before: Mapped[list[str]] = mapped_column(JSON, default=list)
    mapping: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    remembered_mapping: Mapped[dict[str, str] | None] = mapped_column(JSON)


class ImportRun(Entity):
    """A run of the journal; the worker or a command advances it page by page, and after a stop from
    `phase` and `cursor`. Whoever holds `claim` writes.

    `numbers_read` are those of the applications that a complete run met. `counts` is by outcome.
    `unreadable` holds (number, reason); `remarks` (number, code) of what was read in part; `differences`
    what a dry run would change, while it is the latest run.
    """

    __tablename__ = "application_import"
    __table_args__ = (
        UniqueConstraint("call_id", "number"),
        Index("ix_application_import_state", "state"),
        CheckConstraint("(ended_at IS NULL) = (state IN ('waiting', 'running'))", name="ended"),
    )

    call_id: Mapped[UUID] = mapped_column(ForeignKey(Call.id))
    number: Mapped[int]
    mode: Mapped[ImportMode]
    is_dry: Mapped[bool]
    started_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    state: Mapped[RunState] = mapped_column(default=RunState.WAITING)
    phase: Mapped[RunPhase] = mapped_column(default=RunPhase.FORM)
    cursor: Mapped[str] = mapped_column(String(DETAIL_MAX), default="")
    since: Mapped[str] = mapped_column(String(MOMENT_MAX), default="")
    watermark: Mapped[str] = mapped_column(String(MOMENT_MAX), default="")
    numbers_read: Mapped[list[str]] = mapped_column(JSON, default=list, deferred=True)
    is_complete: Mapped[bool] = mapped_column(default=False)
    read_count: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    unreadable: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    remarks: Mapped[list[list[str]] | None] = mapped_column(JSON)
    differences: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    problem: Mapped[str] = mapped_column(String(CODE_MAX), default="")
    detail: Mapped[str] = mapped_column(String(DETAIL_MAX), default="")
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    claim: Mapped[UUID | None]
    leased_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    def add_remarks(self, entries: Sequence[tuple[str, str]]) -> None:
        """List what was read in part, or left because it is older, at most `REMARKS_MAX`."""
        if entries:
            self.remarks = [*(self.remarks or ()), *([number, code] for number, code in entries)][
                :REMARKS_MAX
            ]

    @property
    def act_facts(self) -> dict[str, Any]:
        """What the history of an application says of the run: its number, and who started it."""
        return {"run": self.number} | ({"person_id": str(self.started_by_id)} if self.started_by_id else {})

    @property
    def is_under_way(self) -> bool:
        return self.ended_at is None


class ImportedApplication(Base):
    """What the source last said of an application. `values` are the imported ones: what a lead
    changed since is kept until the source changes it too; `replaced_words` then holds the lead's, each
    with `field`, `text`, `run` and `day`. `source_updated_at` is the moment (UTC) or the day (Paris) that
    the source gave for `values`: an older file changes nothing."""

    __tablename__ = "application_source"

    application_id: Mapped[UUID] = mapped_column(ForeignKey(Application.id), primary_key=True)
    source_id: Mapped[str] = mapped_column(String(ID_MAX))  # as the API names it
    revision: Mapped[str] = mapped_column(String(ID_MAX))
    source_state: Mapped[str] = mapped_column(String(CODE_MAX))
    content_hash: Mapped[str] = mapped_column(String(HASH_LENGTH))
    values: Mapped[dict[str, Any]] = mapped_column(JSON)
    is_unfinished: Mapped[bool]
    removal: Mapped[RemovalKind | None]
    state_before: Mapped[ApplicationState | None]
    source_updated_at: Mapped[str | None] = mapped_column(String(MOMENT_MAX))
    replaced_words: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON)


class ImportedFile(Entity):
    """A file that the source names; `checksum` is the base64 of its MD5."""

    __tablename__ = "imported_file"
    __table_args__ = (UniqueConstraint("application_id", "field", "name", "checksum"),)

    application_id: Mapped[UUID] = mapped_column(ForeignKey(Application.id))
    field: Mapped[str] = mapped_column(String(ID_MAX))
    name: Mapped[str] = mapped_column(String(NAME_MAX))
    checksum: Mapped[str] = mapped_column(String(CHECKSUM_MAX))
    size: Mapped[int] = mapped_column(BigInteger)
    outcome: Mapped[FileOutcome]
    reason: Mapped[str] = mapped_column(String(DETAIL_MAX), default="")
    attachment_id: Mapped[UUID | None] = mapped_column(ForeignKey(Attachment.id))

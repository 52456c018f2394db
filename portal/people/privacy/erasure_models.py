"""Erasures of people, and the texts that name them.

Once an erasure is done nothing leads from the id to the person.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.people.accounts.models import Person
from portal.platform.kernel.database import Base, Entity

TABLE_MAX = 64
REASON_MAX = 500
_IS_OPEN = text("stage IN ('asked', 'listed', 'approved')")


class ErasureStage(StrEnum):
    REQUESTED = "asked"  # the worker looks for texts that name the person
    LISTED = "listed"  # an administrator decides
    APPROVED = "approved"  # the worker erases
    ERASED = "done"
    WITHDRAWN = "withdrawn"


OPEN_STAGES = (ErasureStage.REQUESTED, ErasureStage.LISTED, ErasureStage.APPROVED)


class MentionDecision(StrEnum):
    REDACT = "redact"
    KEEP = "keep"


class Erasure(Entity):
    """An erasure, asked by the person or by an administrator in their name.

    `words_alone`, while it is open: the words of the name that are sought alone.
    `trail_lines` counts the lines of the audit trail that quote the name, and cannot change.
    `journaled_at`: when the journal outside of the database has it.
    """

    __tablename__ = "erasure"
    __table_args__ = (
        Index("uq_erasure_open", "person_id", unique=True, sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id), index=True)
    asked_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    stage: Mapped[ErasureStage] = mapped_column(default=ErasureStage.REQUESTED, index=True)
    words_alone: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    trail_lines: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    approved_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    ended_at: Mapped[datetime | None]
    journaled_at: Mapped[datetime | None]

    @property
    def is_open(self) -> bool:
        return self.stage not in (ErasureStage.ERASED, ErasureStage.WITHDRAWN)


class ErasureMention(Entity):
    """A column of a row whose text names the person; `row_key` are the values of its primary key.

    `is_fixed`: a record of money, which is never rewritten, so that the text can only be kept.
    """

    __tablename__ = "erasure_mention"
    __table_args__ = (UniqueConstraint("erasure_id", "table_name", "column_name", "row_key"),)

    erasure_id: Mapped[UUID] = mapped_column(ForeignKey(Erasure.id))
    table_name: Mapped[str] = mapped_column(String(TABLE_MAX))
    column_name: Mapped[str] = mapped_column(String(TABLE_MAX))
    row_key: Mapped[str] = mapped_column(String(200))  # a JSON list
    is_fixed: Mapped[bool] = mapped_column(default=False)
    decision: Mapped[MentionDecision | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    decided_at: Mapped[datetime | None]


class RedactionTransactionPermit(Base):
    """Lets one transaction rewrite texts of append-only tables, for the erasure of a person; deleted
    before its commit, so that no other ever sees it. The trail and the money know no permit."""

    __tablename__ = "redaction_permit"

    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id), primary_key=True)

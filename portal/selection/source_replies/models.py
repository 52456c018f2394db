"""Decisions of a call that are written back to the procedure its applications came from."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.people.accounts.models import Person
from portal.platform.kernel.database import Base, Entity, Versioned
from portal.selection.applications.models import Application
from portal.selection.calls.models import Call
from portal.selection.imports.models import CODE_MAX, DETAIL_MAX, ID_MAX


class ReplyAct(StrEnum):
    ACCEPT = "accept"
    REFUSE = "refuse"
    CLOSE = "close"  # without follow-up
    ANNOTATE = "annotate"  # tell instructors, decide nothing


class ReplyState(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"  # by somebody else; the worker sends it
    SENT = "sent"
    FAILED = "failed"


class CallReplySetting(Versioned, Base):
    """That a call writes back, and as whom. `is_silent`: the source mails no applicant.

    `annotation_id` is the annotation that tells instructors the decision, "" for none, of the type
    `annotation_type` (`Text` or `Textarea`).
    """

    __tablename__ = "call_replies"

    call_id: Mapped[UUID] = mapped_column(ForeignKey(Call.id), primary_key=True)
    instructor_id: Mapped[str] = mapped_column(String(ID_MAX))
    is_silent: Mapped[bool] = mapped_column(default=True)
    annotation_id: Mapped[str] = mapped_column(String(ID_MAX), default="")
    annotation_type: Mapped[str] = mapped_column(String(CODE_MAX), default="")


class SourceReply(Versioned, Entity):
    """A decision to write back, seen by two people before it leaves."""

    __tablename__ = "source_reply"
    __table_args__ = (
        Index("ix_source_reply_state", "state"),
        CheckConstraint("approved_by_id <> proposed_by_id", name="approved_by_another"),
        CheckConstraint("state = 'proposed' OR approved_by_id IS NOT NULL", name="approved_before_sent"),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey(Application.id), unique=True)
    act: Mapped[ReplyAct]
    motivation: Mapped[str] = mapped_column(Text)
    annotation: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[ReplyState] = mapped_column(default=ReplyState.PROPOSED)
    proposed_by_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    approved_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(String(CODE_MAX), default="")
    detail: Mapped[str] = mapped_column(String(DETAIL_MAX), default="")

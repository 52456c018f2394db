"""Rows of triggers: facts that put decided reviews in question, and their answers."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    and_,
    or_,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.ethics.rereviews.trigger_rules import TriggerCause
from portal.ethics.reviews.models import Review
from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.database import Base, Entity
from portal.project.projects.models import Numbered, Project

KEY_MAX = 120
REASON_MAX = 1000
UNDO_TIME = timedelta(hours=1)  # how long a confirmation can be undone
CURSOR_ID = 1  # the only row of its table


class TriggerAnswer(StrEnum):
    """The possible answers to a trigger."""

    NO_IMPACT = "no_impact"  # a second person has to confirm it
    PARTIAL = "partial"  # reopens the touched sections
    FULL = "full"  # reopens all sections


class AwaitedReplyKind(StrEnum):
    """What a trigger waits for."""

    ANSWER = "answer"
    CONFIRMATION = "confirmation"
    NOBODY = "nobody"


class Trigger(Numbered):
    """A fact that concerns decided reviews (`TriggeredReview`).

    `key` identifies the fact: the id of an audit line, or a kind, ids and a date. It is unique in
    the project, so that raising triggers is idempotent. `details` are the values of its sentence.
    `returned_because`: why a second person rejected the answer of no impact.
    """

    __tablename__ = "review_trigger"
    page_path = "/reviews/triggers/{number}"
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        UniqueConstraint("project_id", "key"),
        CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL)"
            " AND (answer IS NULL) = (answered_by_id IS NULL)"
            " AND (answer IS NULL OR because <> '')",
            name="answered_by_name_with_a_reason",
        ),
        CheckConstraint(
            "confirmed_at IS NULL OR (answer IS NOT NULL AND answer = 'no_impact'"
            " AND confirmed_by_id IS NOT NULL AND confirmed_by_id <> answered_by_id)",
            name="confirmed_by_a_second_person",
        ),
        Index("ix_review_trigger_answer", "answer", "confirmed_at"),
    )

    key: Mapped[str] = mapped_column(String(KEY_MAX))
    causes: Mapped[list[str]] = mapped_column(JSON)
    happened_at: Mapped[datetime]
    happened_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    answer: Mapped[TriggerAnswer | None]
    because: Mapped[str] = mapped_column(String(REASON_MAX), default="")
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    confirmed_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    returned_because: Mapped[str] = mapped_column(String(REASON_MAX), default="")

    @property
    def typed_causes(self) -> tuple[TriggerCause, ...]:
        return tuple(TriggerCause(cause) for cause in self.causes)

    @property
    def is_about_harm(self) -> bool:
        """Whether somebody may have been harmed: a second person then says why they confirm no impact."""
        return TriggerCause.HARM in self.typed_causes

    @property
    def was_just_confirmed(self) -> bool:
        """Whether its confirmation can still be undone."""
        return self.confirmed_at is not None and clock.now() - self.confirmed_at <= UNDO_TIME

    @property
    def waits(self) -> AwaitedReplyKind:
        if self.answer is None:
            return AwaitedReplyKind.ANSWER
        is_open = self.answer is TriggerAnswer.NO_IMPACT and self.confirmed_at is None
        return AwaitedReplyKind.CONFIRMATION if is_open else AwaitedReplyKind.NOBODY


AWAITS_ANSWER: ColumnElement[bool] = Trigger.answer.is_(None)
AWAITS_CONFIRMATION: ColumnElement[bool] = and_(
    Trigger.answer == TriggerAnswer.NO_IMPACT, Trigger.confirmed_at.is_(None)
)
OPEN_TRIGGERS: ColumnElement[bool] = or_(AWAITS_ANSWER, AWAITS_CONFIRMATION)


class TriggeredReview(Entity):
    """A review that a trigger concerns."""

    __tablename__ = "triggered_review"
    __table_args__ = (UniqueConstraint("trigger_id", "review_id"),)

    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id), index=True)
    trigger_id: Mapped[UUID] = mapped_column(ForeignKey(Trigger.id))
    review_id: Mapped[UUID] = mapped_column(ForeignKey(Review.id), index=True)


class TriggerCursor(Base):
    """The job's position: the last seal read, and the last day checked for due dates."""

    __tablename__ = "trigger_cursor"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seal: Mapped[int] = mapped_column(BigInteger)
    looked_on: Mapped[date | None]

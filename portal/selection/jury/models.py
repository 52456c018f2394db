"""Assignments of jurors to applications, their scores, and likely conflicts that were settled."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.people.accounts.models import Person
from portal.platform.kernel.database import Entity, Versioned
from portal.selection.applications.models import Application
from portal.selection.calls.models import CallCriterion

JUSTIFICATION_MAX = 4000
UNDO_TIME = timedelta(hours=1)  # how long a declared conflict can be taken back
GROUNDS_MAX = 200


class InterestDeclaration(StrEnum):
    """What a juror said about their interests in an application."""

    AWAITED = "awaited"
    CLEAR = "clear"
    CONFLICT = "conflict"


class ConflictUndoObstacle(StrEnum):
    """Why a juror no longer takes back the conflict that they declared."""

    UNDECLARED = "undeclared"  # nothing to take back
    LEADS_CALL = "leads_call"
    OPENED = "opened"
    OVER = "over"
    TAKEN_OFF = "taken_off"
    CONFIRMED = "confirmed"
    REPLACED = "replaced"
    LATE = "late"


class JurorProgress(StrEnum):
    """How far a juror is with an application: what its leads may know."""

    DRAFT = "draft"  # not published yet
    UNDECLARED = "undeclared"
    AWAITED = "awaited"
    SENT = "sent"
    CONFLICT = "conflict"
    RECUSED = "recused"


class JuryAssignment(Versioned, Entity):
    """A juror of an application, and their score sheet. A draft until `published_at`.

    `recused_at`: they take no part, by a conflict or a replacement. `sent_at`: the sheet is sent
    and locked.
    """

    __tablename__ = "jury_assignment"
    __table_args__ = (
        UniqueConstraint("application_id", "person_id"),
        CheckConstraint("declaration <> 'conflict' OR recused_at IS NOT NULL", name="conflict_recuses"),
        CheckConstraint("sent_at IS NULL OR declaration = 'clear'", name="sent_when_clear"),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey(Application.id))
    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id), index=True)
    published_at: Mapped[datetime | None]
    declaration: Mapped[InterestDeclaration] = mapped_column(default=InterestDeclaration.AWAITED)
    declared_at: Mapped[datetime | None]
    conflict_reason: Mapped[str] = mapped_column(Text, default="")
    recused_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]

    @property
    def has_recused_themselves(self) -> bool:
        """Whether they take no part by what they declared, and no lead had taken them off."""
        return self.recused_at is not None and self.declared_at == self.recused_at

    @property
    def standing(self) -> JurorProgress:
        if self.declaration is InterestDeclaration.CONFLICT:
            return JurorProgress.CONFLICT
        if self.recused_at is not None:
            return JurorProgress.RECUSED
        if self.published_at is None:
            return JurorProgress.DRAFT
        if self.declaration is InterestDeclaration.AWAITED:
            return JurorProgress.UNDECLARED
        return JurorProgress.AWAITED if self.sent_at is None else JurorProgress.SENT


class JurorScore(Entity):
    """A juror's score on a criterion, 0 to 5; None: not yet, or abstained. A draft until sent."""

    __tablename__ = "juror_score"
    __table_args__ = (
        UniqueConstraint("assignment_id", "criterion_id"),
        CheckConstraint("value BETWEEN 0 AND 5", name="value"),
        CheckConstraint("value IS NULL OR NOT abstains", name="abstaining_is_no_score"),
    )

    assignment_id: Mapped[UUID] = mapped_column(ForeignKey(JuryAssignment.id))
    criterion_id: Mapped[UUID] = mapped_column(ForeignKey(CallCriterion.id))
    value: Mapped[int | None]
    abstains: Mapped[bool] = mapped_column(default=False)
    justification: Mapped[str] = mapped_column(Text, default="")


class ScoreChange(Entity):
    """A score changed after it was opened: both values, both justifications, and why."""

    __tablename__ = "score_change"

    score_id: Mapped[UUID] = mapped_column(ForeignKey(JurorScore.id), index=True)
    author_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    old_value: Mapped[int | None]
    new_value: Mapped[int | None]
    old_justification: Mapped[str] = mapped_column(Text)
    new_justification: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)


class SettledConflict(Entity):
    """A likely conflict that a lead confirmed or set aside, once."""

    __tablename__ = "settled_conflict"
    __table_args__ = (UniqueConstraint("application_id", "person_id"),)

    application_id: Mapped[UUID] = mapped_column(ForeignKey(Application.id))
    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    grounds: Mapped[str] = mapped_column(String(GROUNDS_MAX))
    is_confirmed: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    settled_by_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))

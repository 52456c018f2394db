"""Rows of a session: one participant under a code, deleted on request.

Foreign keys cascade on delete, so no command can leave rows of a deleted session behind.
"""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.people.accounts.models import Person
from portal.platform.kernel.database import Base, Entity, Versioned
from portal.project.framing.models import TargetGroup
from portal.project.projects.models import Numbered, Project
from portal.user_tests.rounds.models import TestRound, TestTask

SECONDS_MAX = 24 * 60 * 60
ERRORS_MAX = 999
EASE_MIN, EASE_MAX = 1, 7  # the Single Ease Question: 1 very difficult, 7 very easy
ANSWER_MIN, ANSWER_MAX = 1, 7
ITEMS_MAX = 10  # of the longest scale
TOKEN_HASH_LENGTH = 64


class TaskOutcome(StrEnum):
    """Outcome of a task."""

    SUCCESS = "success"
    HELPED = "helped"
    FAILED = "failed"
    NOT_TRIED = "not_tried"


class ParticipantCodeRegister(Base):
    """The last participant code of a project: never reused, even after deletions.

    `purged_at`: when retention deleted the sessions.
    """

    __tablename__ = "test_register"
    __test__ = False

    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id), primary_key=True)
    last_participant: Mapped[int] = mapped_column(default=0)
    purged_at: Mapped[datetime | None]


class TestSession(Numbered):
    """One participant in one round: session 7 of a project is participant P7.

    `target_group_id` None: of no declared group. A rehearsal is with a team member and is not
    counted. Nothing is recorded before `consent_on`; a withdrawal deletes the row. `notes` are the
    observer's, shown only to those who may read sessions.
    """

    __tablename__ = "test_session"
    page_path = "/tests/sessions/{number}"
    __test__ = False
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        CheckConstraint("ended_at IS NULL OR started_at IS NOT NULL", name="ended_once_started"),
        CheckConstraint("started_at IS NULL OR consent_on IS NOT NULL", name="started_with_consent"),
    )

    round_id: Mapped[UUID] = mapped_column(ForeignKey(TestRound.id), index=True)
    target_group_id: Mapped[UUID | None] = mapped_column(ForeignKey(TargetGroup.id), index=True)
    is_rehearsal: Mapped[bool] = mapped_column(default=False)
    observer_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    consent_on: Mapped[date | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    notes: Mapped[str] = mapped_column(Text, default="")

    @property
    def code(self) -> str:
        return f"P{self.number}"


class TaskResult(Versioned, Entity):
    """Result of one participant with one task; None: not noted, and not counted.

    `seconds` is the stopwatch time when last stopped, or what was typed. `running_since` is set
    while the stopwatch runs.
    """

    __tablename__ = "task_result"
    __table_args__ = (
        UniqueConstraint("session_id", "task_id"),
        CheckConstraint(f"seconds BETWEEN 0 AND {SECONDS_MAX}", name="seconds_of_a_day"),
        CheckConstraint(f"ease BETWEEN {EASE_MIN} AND {EASE_MAX}", name="ease_on_its_scale"),
        CheckConstraint(f"errors BETWEEN 0 AND {ERRORS_MAX}", name="errors_count"),
    )

    session_id: Mapped[UUID] = mapped_column(ForeignKey(TestSession.id, ondelete="CASCADE"))
    task_id: Mapped[UUID] = mapped_column(ForeignKey(TestTask.id), index=True)
    outcome: Mapped[TaskOutcome | None]
    seconds: Mapped[int | None]
    running_since: Mapped[datetime | None]
    ease: Mapped[int | None]  # SEQ
    errors: Mapped[int | None]
    notes: Mapped[str] = mapped_column(Text, default="")


class ScaleAnswer(Versioned, Entity):
    """Answer to one item (from 1) of the round's scale. `typed_by_id` None: typed by the
    participant through a link."""

    __tablename__ = "scale_answer"
    __table_args__ = (
        UniqueConstraint("session_id", "item"),
        CheckConstraint(f"item BETWEEN 1 AND {ITEMS_MAX}", name="item_of_a_scale"),
        CheckConstraint(f"value BETWEEN {ANSWER_MIN} AND {ANSWER_MAX}", name="value_on_a_scale"),
    )

    session_id: Mapped[UUID] = mapped_column(ForeignKey(TestSession.id, ondelete="CASCADE"))
    item: Mapped[int]
    value: Mapped[int]
    typed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))


class ParticipantLink(Entity):
    """A one-time link by which a participant answers the scale. Only the token's hash is stored."""

    __tablename__ = "participant_link"

    session_id: Mapped[UUID] = mapped_column(ForeignKey(TestSession.id, ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(TOKEN_HASH_LENGTH), unique=True)
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

"""Rows of findings. A finding is about the prototype, never about a participant."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.collaboration.discussions.models import Discussion
from portal.collaboration.files.models import Attachment
from portal.people.accounts.models import Person
from portal.platform.kernel.database import Base, Entity
from portal.project.projects.models import Numbered
from portal.sprints.backlog.models import Item
from portal.user_tests.rounds.models import TestRound, TestTask
from portal.user_tests.rounds.session_models import TestSession

LINE_MAX = 200
TEXT_MAX = 4000
REASON_MAX = 1000
SEVERITY_MIN, SEVERITY_MAX = 0, 4  # Nielsen: 0 no problem, 4 catastrophe
SEVERE = 3  # from here on, closing takes a retest or an acceptance


class FindingClosingKind(StrEnum):
    """How a finding was closed."""

    RETESTED = "retested"  # a later version no longer shows it
    ACCEPTED = "accepted"  # kept as it is, with a name and a reason
    SETTLED = "settled"  # minor, closed without a retest
    MERGED = "merged"  # a duplicate of another finding


class RetestResult(StrEnum):
    """Result of a retest."""

    DISAPPEARED = "gone"
    STILL_THERE = "still_there"
    NOT_REACHED = "not_reached"  # no participant got there: inconclusive


class Finding(Numbered):
    """`severity` None: not rated yet. `round_id` is the round that showed it first.

    Its state is computed from `closing`, and while open from its item and retests (see
    `state_queries`). `purged_session_count`: sessions that showed it and were deleted by retention.
    """

    __tablename__ = "finding"
    page_path = "/findings/{number}"
    unrecorded = frozenset({"round_id"})
    unquoted = frozenset({"what", "detail"})  # they may quote a participant
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        CheckConstraint("what <> ''", name="says_what"),
        CheckConstraint(f"severity BETWEEN {SEVERITY_MIN} AND {SEVERITY_MAX}", name="severity_on_its_scale"),
        CheckConstraint("(closing IS NULL) = (closed_at IS NULL)", name="closed_at_some_moment"),
        CheckConstraint(
            f"closing IS NULL OR (severity IS NOT NULL AND severity < {SEVERE}) OR closing <> 'settled'",
            name="severe_is_never_merely_settled",
        ),
        CheckConstraint(
            "closing IS NULL OR (closed_by_id IS NOT NULL AND closing_reason <> '') OR closing <> 'accepted'",
            name="accepted_by_name_with_a_reason",
        ),
        CheckConstraint(
            "(merged_into_id IS NOT NULL) = (closing IS NOT NULL AND closing = 'merged')",
            name="merged_into_another",
        ),
        CheckConstraint("merged_into_id <> id", name="merged_into_no_self"),
        CheckConstraint("purged_session_count >= 0", name="purged_session_counts"),
        Index("ix_finding_project_id_closed_at", "project_id", "closed_at"),
    )

    discussion_id: Mapped[UUID] = mapped_column(ForeignKey(Discussion.id), unique=True)
    round_id: Mapped[UUID] = mapped_column(ForeignKey(TestRound.id), index=True)
    what: Mapped[str] = mapped_column(String(LINE_MAX))
    detail: Mapped[str] = mapped_column(Text, default="")
    severity: Mapped[int | None]
    is_harm: Mapped[bool] = mapped_column(default=False)
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    item_id: Mapped[UUID | None] = mapped_column(ForeignKey(Item.id), unique=True)
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("finding.id"), index=True)
    closing: Mapped[FindingClosingKind | None]
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    closing_reason: Mapped[str] = mapped_column(String(REASON_MAX), default="")
    purged_session_count: Mapped[int] = mapped_column(default=0)


class FindingTask(Base):
    """A task in which a finding was seen; deleted with the task."""

    __tablename__ = "finding_task"

    finding_id: Mapped[UUID] = mapped_column(ForeignKey(Finding.id), primary_key=True)
    task_id: Mapped[UUID] = mapped_column(
        ForeignKey(TestTask.id, ondelete="CASCADE"), primary_key=True, index=True
    )


class Sighting(Entity):
    """An observer saw a finding in a session; deleted with the session."""

    __tablename__ = "sighting"
    __table_args__ = (UniqueConstraint("finding_id", "session_id", "observer_id"),)

    finding_id: Mapped[UUID] = mapped_column(ForeignKey(Finding.id))
    session_id: Mapped[UUID] = mapped_column(ForeignKey(TestSession.id, ondelete="CASCADE"), index=True)
    observer_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))


class FindingEvidence(Base):
    """A file of a session that shows a finding; deleted with the session. The finding's own
    attachments need no row."""

    __tablename__ = "finding_evidence"

    finding_id: Mapped[UUID] = mapped_column(ForeignKey(Finding.id), primary_key=True)
    attachment_id: Mapped[UUID] = mapped_column(
        ForeignKey(Attachment.id, ondelete="CASCADE"), primary_key=True, index=True
    )


class Retest(Entity):
    """Result of a retest of a finding by a round on a later version; once per round."""

    __tablename__ = "retest"
    __table_args__ = (UniqueConstraint("finding_id", "round_id"),)

    finding_id: Mapped[UUID] = mapped_column(ForeignKey(Finding.id))
    round_id: Mapped[UUID] = mapped_column(ForeignKey(TestRound.id), index=True)
    result: Mapped[RetestResult]
    note: Mapped[str] = mapped_column(Text, default="")
    noted_by_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))

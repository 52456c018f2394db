"""Anonymous sums of a round, kept when retention purges its sessions.

While sessions are stored, figures are computed from them, so a withdrawal changes them at once. The
purge writes these rows in the transaction that deletes the sessions. They hold what the formulas
need: counts, means, sample standard deviations.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.platform.kernel.database import Base, Entity
from portal.project.framing.models import TargetGroup
from portal.user_tests.rounds.models import TestRound, TestTask


class RoundTally(Base):
    """Sums of a round. `sessions` excludes rehearsals. The deviation of a single value is None."""

    __tablename__ = "round_tally"

    round_id: Mapped[UUID] = mapped_column(ForeignKey(TestRound.id), primary_key=True)
    tallied_at: Mapped[datetime]
    sessions: Mapped[int]
    consented: Mapped[int]
    first_on: Mapped[date | None]
    last_on: Mapped[date | None]
    scale_count: Mapped[int]
    scale_mean: Mapped[float | None]  # 0 to 100
    scale_deviation: Mapped[float | None]


class GroupTally(Entity):
    """Participants of a round by target group (None: of no group)."""

    __tablename__ = "group_tally"
    __table_args__ = (UniqueConstraint("round_id", "target_group_id"),)

    round_id: Mapped[UUID] = mapped_column(ForeignKey(TestRound.id))
    target_group_id: Mapped[UUID | None] = mapped_column(ForeignKey(TargetGroup.id), index=True)
    participants: Mapped[int]


class TaskTally(Base):
    """Sums of a task. `time_log_…` are of ln(seconds), `time_median` is in seconds; `errors` is the
    sum over the `errors_count` participants whose errors were counted."""

    __tablename__ = "task_tally"

    task_id: Mapped[UUID] = mapped_column(ForeignKey(TestTask.id), primary_key=True)
    successes: Mapped[int]
    helped: Mapped[int]
    failed: Mapped[int]
    not_tried: Mapped[int]
    time_count: Mapped[int]
    time_log_mean: Mapped[float | None]
    time_log_deviation: Mapped[float | None]
    time_median: Mapped[float | None]
    ease_count: Mapped[int]
    ease_mean: Mapped[float | None]
    ease_deviation: Mapped[float | None]
    errors_count: Mapped[int]
    errors: Mapped[int]

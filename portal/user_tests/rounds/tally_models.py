"""What is kept of a round once its sessions are purged: sums of everybody, nothing of anybody.

While sessions are there, figures are computed from them, so a withdrawal changes them at once. The
purge writes these rows in the transaction that deletes the sessions; from then on they are all
there is. They hold what the formulas ask for: counts, means, sample deviations.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.platform.kernel.database import Base, Entity
from portal.project.framing.models import TargetGroup
from portal.user_tests.rounds.models import TestRound, TestTask


class RoundTally(Base):
    """`sessions` counts those that count (no rehearsal). The deviation of one value is None."""

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
    """How many participants of a round were of a target group (None: of none)."""

    __tablename__ = "group_tally"
    __table_args__ = (UniqueConstraint("round_id", "target_group_id"),)

    round_id: Mapped[UUID] = mapped_column(ForeignKey(TestRound.id))
    target_group_id: Mapped[UUID | None] = mapped_column(ForeignKey(TargetGroup.id), index=True)
    participants: Mapped[int]


class TaskTally(Base):
    """How a round's participants did with a task. Times are seconds, their means those of natural
    logarithms; errors are the sum over those for whom they were counted.
    """

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

"""Rows of a round: its plan, groups, tasks and consent texts.

Sessions are in `session_models`, sums of purged sessions in `tally_models`.
"""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.collaboration.discussions.models import Discussion
from portal.platform.kernel.database import Base, Entity, Versioned
from portal.platform.kernel.identifiers import new_id
from portal.project.framing.models import TargetGroup
from portal.project.projects.models import Numbered
from portal.sprints.prototypes.models import PrototypeVersion

NAME_MAX = 120
LINE_MAX = 300
TEXT_MAX = 4000
PEOPLE_MAX = 999  # participants of a target group, or with an access need
TASKS_MAX = 20  # of one round
TIME_LIMIT_MAX = 24 * 60 * 60  # seconds


class SessionMethod(StrEnum):
    """How sessions are held."""

    MODERATED = "moderated"
    UNMODERATED = "unmoderated"
    FIELD = "field"  # a field trial: in real work, over some time


class RoundScale(StrEnum):
    """Questionnaire at the end of a session."""

    F_SUS = "f_sus"  # the System Usability Scale, in French
    SUS = "sus"  # the same, in English
    UMUX_LITE = "umux_lite"
    NONE = "none"


class TestRound(Numbered):
    """A round of tests of one version. Planned until its first session, over from `ended_on` on.

    `access_needs` counts the participants with an access need over the whole round: per person it
    would be health data. None: not counted yet; 0: none, and `no_access_needs` says why.
    `follows_id` is the round it was copied from.
    """

    __tablename__ = "test_round"
    page_path = "/tests/{number}"
    unrecorded = frozenset({"prototype_version_id", "follows_id"})
    __test__ = False  # for pytest
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        CheckConstraint("title <> ''", name="has_title"),
        CheckConstraint(f"access_needs BETWEEN 0 AND {PEOPLE_MAX}", name="access_needs_counts"),
        CheckConstraint("starts_on <= ends_on", name="ends_after_start"),
    )

    discussion_id: Mapped[UUID] = mapped_column(ForeignKey(Discussion.id), unique=True)
    prototype_version_id: Mapped[UUID] = mapped_column(ForeignKey(PrototypeVersion.id), index=True)
    follows_id: Mapped[UUID | None] = mapped_column(ForeignKey("test_round.id"), index=True)
    title: Mapped[str] = mapped_column(String(NAME_MAX))
    method: Mapped[SessionMethod]
    scale: Mapped[RoundScale]
    hypotheses: Mapped[str] = mapped_column(Text, default="")
    script: Mapped[str] = mapped_column(Text, default="")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    access_needs: Mapped[int | None]
    no_access_needs: Mapped[str] = mapped_column(String(LINE_MAX), default="")


class RoundGroup(Base):
    """A target group of a round, and how many participants of it are planned (None: not given)."""

    __tablename__ = "round_group"
    __table_args__ = (
        CheckConstraint(f"participant_goal BETWEEN 1 AND {PEOPLE_MAX}", name="participant_goal_counts"),
    )

    round_id: Mapped[UUID] = mapped_column(ForeignKey(TestRound.id), primary_key=True)
    target_group_id: Mapped[UUID] = mapped_column(ForeignKey(TargetGroup.id), primary_key=True, index=True)
    participant_goal: Mapped[int | None]


class TestTask(Versioned, Entity):
    """A task of a round and its success criterion, shown by number: T1, T2…

    `number` is stable, `position` is the order. `lineage` is shared by a task and its copies in
    later rounds: only these are compared.
    """

    __tablename__ = "test_task"
    __test__ = False
    __table_args__ = (
        UniqueConstraint("round_id", "number"),
        CheckConstraint("title <> ''", name="has_title"),
        CheckConstraint(f"time_limit BETWEEN 1 AND {TIME_LIMIT_MAX}", name="time_limit_in_seconds"),
        Index(
            "uq_test_task_primary",
            "round_id",
            unique=True,
            sqlite_where=text("is_primary"),
            postgresql_where=text("is_primary"),
        ),
        Index("ix_test_task_lineage", "lineage"),
    )

    round_id: Mapped[UUID] = mapped_column(ForeignKey(TestRound.id))
    number: Mapped[int]
    position: Mapped[int]
    lineage: Mapped[UUID] = mapped_column(default=new_id)
    title: Mapped[str] = mapped_column(String(NAME_MAX))
    instruction: Mapped[str] = mapped_column(Text)  # read to the participant
    success: Mapped[str] = mapped_column(Text)  # the success criterion
    time_limit: Mapped[int | None]  # seconds
    is_primary: Mapped[bool] = mapped_column(default=False)


class ConsentText(Versioned, Entity):
    """The consent text of a round, in one language."""

    __tablename__ = "consent_text"
    __table_args__ = (UniqueConstraint("round_id", "locale"),)

    round_id: Mapped[UUID] = mapped_column(ForeignKey(TestRound.id))
    locale: Mapped[str] = mapped_column(String(2))
    purpose: Mapped[str] = mapped_column(Text)
    course: Mapped[str] = mapped_column(Text)  # the procedure, and what is recorded
    retention: Mapped[str] = mapped_column(Text)
    withdrawal: Mapped[str] = mapped_column(Text)
    dpo_contact: Mapped[str] = mapped_column(String(LINE_MAX))  # a function, never a person

"""A round: what is tried, by whom, how, and what each of them is told before. Never who they are.

What happens in a session is in `sessions`, what stays once sessions are purged in `tallies`.
"""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
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
PEOPLE_MAX = 999  # aimed at in one target group, or with an access need
TASKS_MAX = 20  # of one round
TIME_LIMIT_MAX = 24 * 60 * 60  # seconds


class Method(StrEnum):
    """Who is there while people try."""

    MODERATED = "moderated"
    UNMODERATED = "unmoderated"
    FIELD = "field"  # a field trial: in the real work, over some time


class Scale(StrEnum):
    """What is asked at the end of a session."""

    F_SUS = "f_sus"  # the System Usability Scale, in French
    SUS = "sus"  # the same, in English
    UMUX_LITE = "umux_lite"
    NONE = "none"


class TestRound(Numbered):
    """A round on one version. It is planned until its first session, and over on `ended_on`.

    `access_needs` counts the people with an access need who came, in the whole round: beside one
    person it would tell of their health. None: not said; 0: none came, and `no_access_needs` says
    why. `follows_id` is the round it was copied from.
    """

    __tablename__ = "test_round"
    page_path = "/tests/{number}"
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
    method: Mapped[Method]
    scale: Mapped[Scale]
    hypotheses: Mapped[str] = mapped_column(Text, default="")
    script: Mapped[str] = mapped_column(Text, default="")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    access_needs: Mapped[int | None]
    no_access_needs: Mapped[str] = mapped_column(String(LINE_MAX), default="")


class RoundGroup(Base):
    """A target group that a round aims at, and how many of them it would see (None: not said)."""

    __tablename__ = "round_group"
    __table_args__ = (
        CheckConstraint(
            f"participant_goal BETWEEN 1 AND {PEOPLE_MAX}", name="participant_goal_counts"
        ),
    )

    round_id: Mapped[UUID] = mapped_column(ForeignKey(TestRound.id), primary_key=True)
    target_group_id: Mapped[UUID] = mapped_column(
        ForeignKey(TargetGroup.id), primary_key=True, index=True
    )
    participant_goal: Mapped[int | None]


class TestTask(Versioned, Entity):
    """What people are asked to do, and when they managed. People call it by its number: T1, T2…

    `number` stays, `position` says when its turn comes. `lineage` is the same for a task and its
    copies in later rounds: only those are compared.
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
    success: Mapped[str] = mapped_column(Text)  # what counts as managed
    time_limit: Mapped[int | None]  # seconds
    is_primary: Mapped[bool] = mapped_column(default=False)


class ConsentText(Versioned, Entity):
    """What participants of a round are told and agree to, in one language."""

    __tablename__ = "consent_text"
    __table_args__ = (UniqueConstraint("round_id", "locale"),)

    round_id: Mapped[UUID] = mapped_column(ForeignKey(TestRound.id))
    locale: Mapped[str] = mapped_column(String(2))
    purpose: Mapped[str] = mapped_column(Text)
    course: Mapped[str] = mapped_column(Text)  # what will happen, and what is noted
    retention: Mapped[str] = mapped_column(Text)
    withdrawal: Mapped[str] = mapped_column(Text)
    dpo_contact: Mapped[str] = mapped_column(String(LINE_MAX))  # a function, never a person

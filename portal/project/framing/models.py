"""Target groups, assumptions and interviews. Impact metrics are in `metric_models`."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.platform.kernel.text import fold_words
from portal.project.projects.models import Numbered

NAME_MAX = 120
FOLD_MAX = 2 * NAME_MAX
LINE_MAX = 300
TEXT_MAX = 4000
SIZE_MAX = 100_000_000
RISK_MIN, RISK_MAX = 1, 5
PEOPLE_MAX = 1000


class TargetAudience(StrEnum):
    """Whether a target group provides or uses the public service."""

    AGENTS = "agents"
    CITIZENS = "citizens"


class AssumptionVerdict(StrEnum):
    """The result of the test of an assumption; `OPEN` before any."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    REFUTED = "refuted"


class TargetGroup(Numbered):
    """People whom the project serves. A group that is dropped stays, with `left_on`.

    Names are unique by `name_fold`, dropped groups included, so that a list never shows two alike.
    """

    __tablename__ = "target_group"
    page_path = "/file/groups"
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        Index("ix_target_group_project_id_name_fold", "project_id", "name_fold", unique=True),
        CheckConstraint("size >= 0", name="size_counts"),
    )

    audience: Mapped[TargetAudience]
    name: Mapped[str] = mapped_column(String(NAME_MAX))
    name_fold: Mapped[str] = mapped_column(String(FOLD_MAX))
    size: Mapped[int | None]  # people
    access_needs: Mapped[str] = mapped_column(Text, default="")
    left_on: Mapped[date | None]

    @staticmethod
    def folded(name: str) -> str:
        """Return the key by which names are compared: without case, accents or punctuation."""
        return fold_words(name)[:FOLD_MAX]


class Assumption(Numbered):
    """A statement that the project takes for granted until a test confirms or refutes it."""

    __tablename__ = "assumption"
    page_path = "/file/assumptions"
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        CheckConstraint(f"risk BETWEEN {RISK_MIN} AND {RISK_MAX}", name="risk_on_its_scale"),
        CheckConstraint("(verdict = 'open') = (settled_on IS NULL)", name="settled_with_a_date"),
    )

    statement: Mapped[str] = mapped_column(String(LINE_MAX))
    risk: Mapped[int]  # if it is wrong, 1: little is lost, to 5: the whole project
    test: Mapped[str] = mapped_column(Text, default="")
    verdict: Mapped[AssumptionVerdict] = mapped_column(default=AssumptionVerdict.OPEN)
    result: Mapped[str] = mapped_column(Text, default="")
    settled_on: Mapped[date | None]


class Interview(Numbered):
    """What was learnt from people of a target group; no names."""

    __tablename__ = "interview"
    page_path = "/file/interviews"
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        CheckConstraint("people >= 1", name="somebody_spoke"),
    )

    held_on: Mapped[date]
    target_group_id: Mapped[UUID | None] = mapped_column(ForeignKey(TargetGroup.id), index=True)
    people: Mapped[int] = mapped_column(default=1)
    learnt: Mapped[str] = mapped_column(Text)

"""Rows of risks, which say who could be harmed and how much, and of mitigations."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.collaboration.discussions.models import Discussion
from portal.ethics.risks.level_rules import SCALE_MAX, SCALE_MIN, RiskLevel, find_level
from portal.people.accounts.models import Person
from portal.project.projects.models import Numbered
from portal.user_tests.findings.models import Finding

LINE_MAX = 200
AFFECTED_MAX = 300
TEXT_MAX = 4000
REASON_MAX = 1000
URL_MAX = 500


class MitigationState(StrEnum):
    """The state of a mitigation."""

    PLANNED = "planned"
    UNDER_WAY = "under_way"
    IN_PLACE = "in_place"  # with a proof
    DROPPED = "dropped"  # with a reason

    @property
    def is_open(self) -> bool:
        return self in {MitigationState.PLANNED, MitigationState.UNDER_WAY}


def _make_scale_constraint(name: str) -> CheckConstraint:
    return CheckConstraint(f"{name} BETWEEN {SCALE_MIN} AND {SCALE_MAX}", name=f"{name}_on_scale")


class Risk(Numbered):
    """A risk of a project.

    `likelihood` and `severity` are without mitigations, the residual ones with those in place.
    `finding_id` is the finding that showed the risk, if any.
    """

    __tablename__ = "risk"
    page_path = "/risks/{number}"
    unrecorded = frozenset({"finding_id", "closed_at", "closed_by_id"})
    unquoted = frozenset({"what", "affected", "detail"})  # they may quote a user test
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        CheckConstraint("what <> ''", name="says_what"),
        _make_scale_constraint("likelihood"),
        _make_scale_constraint("severity"),
        _make_scale_constraint("residual_likelihood"),
        _make_scale_constraint("residual_severity"),
        CheckConstraint("(residual_likelihood IS NULL) = (residual_severity IS NULL)", name="residual_whole"),
        CheckConstraint(
            "(closed_at IS NULL) = (closed_by_id IS NULL) AND (closed_at IS NULL OR closing_reason <> '')",
            name="closed_by_name_with_a_reason",
        ),
    )

    discussion_id: Mapped[UUID] = mapped_column(ForeignKey(Discussion.id), unique=True)
    finding_id: Mapped[UUID | None] = mapped_column(ForeignKey(Finding.id), index=True)
    what: Mapped[str] = mapped_column(String(LINE_MAX))
    affected: Mapped[str] = mapped_column(String(AFFECTED_MAX))
    detail: Mapped[str] = mapped_column(Text, default="")
    likelihood: Mapped[int]
    severity: Mapped[int]
    residual_likelihood: Mapped[int | None]
    residual_severity: Mapped[int | None]
    residual_reason: Mapped[str] = mapped_column(Text, default="")
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    closing_reason: Mapped[str] = mapped_column(String(REASON_MAX), default="")

    @property
    def initial_level(self) -> RiskLevel:
        return find_level(self.likelihood, self.severity)

    @property
    def residual_level(self) -> RiskLevel | None:
        """The level of the residual risk, None before it is recorded."""
        if self.residual_likelihood is None or self.residual_severity is None:
            return None
        return find_level(self.residual_likelihood, self.residual_severity)

    @property
    def level(self) -> RiskLevel:
        """The residual level, or the initial one without any."""
        return self.residual_level or self.initial_level

    @property
    def position(self) -> tuple[int, int]:
        """Likelihood and severity: the residual ones, or the initial ones without any."""
        return (self.residual_likelihood or self.likelihood, self.residual_severity or self.severity)


class Mitigation(Numbered):
    """A mitigation of a risk; `number` counts within the project.

    A proof is a link or attached files. `reminded_of` is a column of earlier releases, unused.
    """

    __tablename__ = "mitigation"
    page_path = "/mitigations/{number}"
    unrecorded = frozenset({"risk_id", "settled_at", "settled_by_id", "reminded_of"})
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        CheckConstraint("what <> ''", name="says_what"),
        CheckConstraint(
            "(progress IN ('in_place', 'dropped')) = (settled_at IS NOT NULL)", name="settled_at_some_moment"
        ),
        CheckConstraint("progress <> 'dropped' OR note <> ''", name="dropped_with_why"),
        Index("ix_mitigation_progress_due_on", "progress", "due_on"),
    )

    risk_id: Mapped[UUID] = mapped_column(ForeignKey(Risk.id), index=True)
    what: Mapped[str] = mapped_column(String(LINE_MAX))
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    due_on: Mapped[date | None]
    progress: Mapped[MitigationState] = mapped_column(default=MitigationState.PLANNED)
    proof_link: Mapped[str] = mapped_column(String(URL_MAX), default="")
    note: Mapped[str] = mapped_column(
        String(REASON_MAX), default=""
    )  # what the proof shows, or why it was dropped
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    reminded_of: Mapped[date | None]

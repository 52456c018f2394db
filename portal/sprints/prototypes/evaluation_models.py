"""Evaluation of an AI: a protocol written in advance, its runs, and pivots.

A protocol with runs is never changed: another one replaces it and points to it.
"""

from datetime import date
from hashlib import sha256
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.platform.kernel.database import Entity
from portal.platform.kernel.text import fold_words
from portal.project.framing.metric_models import MetricDirection
from portal.project.projects.models import Numbered
from portal.sprints.prototypes.models import LINE_MAX, NAME_MAX, PrototypeVersion

VALUE_LIMIT = 1_000_000_000
SIZE_MAX = 1_000_000_000
SHA256_LENGTH = 64
SUBGROUPS_MAX = 50


class EvaluationProtocol(Numbered):
    """A metric, its held-out data, the baseline to compare with, and the threshold to reach."""

    __tablename__ = "evaluation_protocol"
    page_path = "/file/evaluation/{number}"
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        CheckConstraint("held_out_size >= 0", name="held_out_counts"),
    )

    replaces_id: Mapped[UUID | None] = mapped_column(ForeignKey("evaluation_protocol.id"), unique=True)
    dated_on: Mapped[date]
    metric: Mapped[str] = mapped_column(String(NAME_MAX))
    direction: Mapped[MetricDirection]
    held_out: Mapped[str] = mapped_column(Text)
    held_out_size: Mapped[int | None]
    baseline_name: Mapped[str] = mapped_column(String(LINE_MAX), default="")
    baseline: Mapped[float]
    threshold: Mapped[float]


class EvaluationRun(Numbered):
    """The result of one version under a protocol, after the day of the protocol."""

    __tablename__ = "evaluation_run"
    page_path = "/file/evaluation"
    __table_args__ = (UniqueConstraint("project_id", "number"),)

    protocol_id: Mapped[UUID] = mapped_column(ForeignKey(EvaluationProtocol.id), index=True)
    prototype_version_id: Mapped[UUID] = mapped_column(ForeignKey(PrototypeVersion.id), index=True)
    ran_on: Mapped[date]
    result: Mapped[float]
    code_reference: Mapped[str] = mapped_column(String(LINE_MAX), default="")
    data_sha256: Mapped[str] = mapped_column(String(SHA256_LENGTH), default="")
    note: Mapped[str] = mapped_column(Text, default="")


class SubgroupResult(Entity):
    """The result of a run for a subgroup of `size` cases (None: not stated)."""

    __tablename__ = "subgroup_result"
    __table_args__ = (
        UniqueConstraint("run_id", "position"),
        CheckConstraint("size >= 0", name="size_counts"),
    )

    run_id: Mapped[UUID] = mapped_column(ForeignKey(EvaluationRun.id))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(NAME_MAX))
    result: Mapped[float]
    size: Mapped[int | None]


class Pivot(Numbered):
    """The decision to change course, and its reason. Append-only; unique per day and reason."""

    __tablename__ = "pivot"
    page_path = "/file/evaluation"
    unrecorded = frozenset({"reason_sha256"})
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        Index("ix_pivot_once", "protocol_id", "decided_on", "reason_sha256", unique=True),
    )

    protocol_id: Mapped[UUID] = mapped_column(ForeignKey(EvaluationProtocol.id), index=True)
    decided_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    reason_sha256: Mapped[str] = mapped_column(String(SHA256_LENGTH))  # a text is too long for an index

    @staticmethod
    def reason_digest(reason: str) -> str:
        """SHA-256 of the folded text, so that case, accents and spacing do not matter."""
        return sha256(fold_words(reason).encode()).hexdigest()

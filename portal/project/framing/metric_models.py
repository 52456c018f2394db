"""Impact metrics: what should change for people, by how much, and what was measured so far.

A metric holds its present definition. Every definition it ever had is kept beside it, numbered by
`edition`; a measurement says under which one it was made, so that a redefinition rewrites nothing.
"""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.platform.kernel.database import Entity
from portal.project.framing.models import LINE_MAX, NAME_MAX
from portal.project.projects.models import Numbered

UNIT_MAX = 40
VALUE_LIMIT = 1_000_000_000
SAMPLE_MAX = 1_000_000_000


class Direction(StrEnum):
    """Which way is better."""

    UP = "up"
    DOWN = "down"


class MetricDefinitionColumns:
    """What is measured, from where, and toward what."""

    name: Mapped[str] = mapped_column(String(NAME_MAX))
    unit: Mapped[str] = mapped_column(String(UNIT_MAX))
    direction: Mapped[Direction]
    baseline: Mapped[float | None]
    baseline_on: Mapped[date | None]
    baseline_source: Mapped[str] = mapped_column(String(LINE_MAX), default="")
    target: Mapped[float | None]


class ImpactMetric(MetricDefinitionColumns, Numbered):
    __tablename__ = "impact_metric"
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        CheckConstraint(
            "baseline IS NULL OR baseline_on IS NOT NULL", name="baseline_with_its_date"
        ),
    )

    edition: Mapped[int] = mapped_column(default=1)


class MetricDefinition(MetricDefinitionColumns, Entity):
    """A definition that a metric has or had: from a day, for a reason. Never changed."""

    __tablename__ = "metric_definition"
    __table_args__ = (UniqueConstraint("metric_id", "edition"),)

    metric_id: Mapped[UUID] = mapped_column(ForeignKey(ImpactMetric.id))
    edition: Mapped[int]
    since: Mapped[date]
    reason: Mapped[str] = mapped_column(String(LINE_MAX), default="")  # "" for the first


class Measurement(Numbered):
    """`number` counts within the project. One that was wrong is set aside, not deleted."""

    __tablename__ = "measurement"
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        CheckConstraint("sample_size >= 0", name="sample_counts"),
    )

    metric_id: Mapped[UUID] = mapped_column(ForeignKey(ImpactMetric.id), index=True)
    edition: Mapped[int]  # of the definition it was made under
    measured_on: Mapped[date]
    value: Mapped[float]
    sample_size: Mapped[int | None]
    method: Mapped[str] = mapped_column(Text, default="")
    set_aside_on: Mapped[date | None]

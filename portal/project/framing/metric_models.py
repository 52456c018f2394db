"""Impact metrics: what should change for people, by how much, and its measurements.

A metric holds its current definition; all its definitions are rows of `MetricDefinition`, numbered
by `edition`. A measurement refers to the edition it was made under, so redefining a metric changes
no measurement.
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


class MetricDirection(StrEnum):
    """Whether higher or lower values are better."""

    UP = "up"
    DOWN = "down"


class MetricDefinitionColumns:
    """Columns of a definition; `baseline` and `target` are in `unit`, None while unknown."""

    name: Mapped[str] = mapped_column(String(NAME_MAX))
    unit: Mapped[str] = mapped_column(String(UNIT_MAX))
    direction: Mapped[MetricDirection]
    baseline: Mapped[float | None]
    baseline_on: Mapped[date | None]
    baseline_source: Mapped[str] = mapped_column(String(LINE_MAX), default="")
    target: Mapped[float | None]


class ImpactMetric(MetricDefinitionColumns, Numbered):
    __tablename__ = "impact_metric"
    page_path = "/file/impact/{number}"
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        CheckConstraint("baseline IS NULL OR baseline_on IS NOT NULL", name="baseline_with_its_date"),
    )

    edition: Mapped[int] = mapped_column(default=1)


class MetricDefinition(MetricDefinitionColumns, Entity):
    """A current or former definition of a metric, valid from `since`. Immutable."""

    __tablename__ = "metric_definition"
    __table_args__ = (UniqueConstraint("metric_id", "edition"),)

    metric_id: Mapped[UUID] = mapped_column(ForeignKey(ImpactMetric.id))
    edition: Mapped[int]
    since: Mapped[date]
    reason: Mapped[str] = mapped_column(String(LINE_MAX), default="")  # "" for the first edition


class Measurement(Numbered):
    """A measured value, in the metric's unit. A wrong one is set aside, not deleted.

    `number` counts within the project, not within the metric.
    """

    __tablename__ = "measurement"
    page_path = "/file/impact"
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        CheckConstraint("sample_size >= 0", name="sample_counts"),
    )

    metric_id: Mapped[UUID] = mapped_column(ForeignKey(ImpactMetric.id), index=True)
    edition: Mapped[int]  # the definition it was made under
    measured_on: Mapped[date]
    value: Mapped[float]
    sample_size: Mapped[int | None]
    method: Mapped[str] = mapped_column(Text, default="")
    set_aside_on: Mapped[date | None]

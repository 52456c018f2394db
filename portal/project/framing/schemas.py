"""Schemas of what the API shows of this feature."""

from portal.platform.web.api_columns import row_schema
from portal.project.framing.metric_models import ImpactMetric, Measurement
from portal.project.framing.models import Assumption, Interview, TargetGroup

TargetGroupSchema = row_schema(
    "TargetGroupSchema", TargetGroup, "audience", "name", "size", "access_needs", "left_on"
)
AssumptionSchema = row_schema(
    "AssumptionSchema", Assumption, "statement", "risk", "test", "verdict", "result", "settled_on"
)
InterviewSchema = row_schema("InterviewSchema", Interview, "held_on", "target_group_id", "people", "learnt")
ImpactMetricSchema = row_schema(
    "ImpactMetricSchema",
    ImpactMetric,
    "edition",
    "name",
    "unit",
    "direction",
    "baseline",
    "baseline_on",
    "baseline_source",
    "target",
)
MeasurementSchema = row_schema(
    "MeasurementSchema",
    Measurement,
    "metric_id",
    "edition",
    "measured_on",
    "value",
    "sample_size",
    "method",
    "set_aside_on",
)

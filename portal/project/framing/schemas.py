"""Schemas of what the API shows of this feature."""

from portal.platform.web.api_bodies import form_schema
from portal.platform.web.api_columns import row_schema
from portal.platform.web.api_fields import integer
from portal.project.framing import forms
from portal.project.framing.metric_models import ImpactMetric, Measurement
from portal.project.framing.models import Assumption, Interview, TargetGroup
from portal.project.projects.models import NUMBER_MAX

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

NewGroupSchema = form_schema("NewGroupSchema", forms.NewGroupForm)
GroupSchema = form_schema("GroupSchema", forms.EditGroupForm)
AssumptionTextSchema = form_schema("AssumptionTextSchema", forms.EditAssumptionForm)
AssumptionResultSchema = form_schema("AssumptionResultSchema", forms.AssumptionResultForm)
InterviewTextSchema = form_schema(
    "InterviewTextSchema",
    forms.EditInterviewForm,
    "group",
    target_group=integer(1, NUMBER_MAX, "Number of the group.", load_default=None, allow_none=True),
)
MetricPlanSchema = form_schema("MetricPlanSchema", forms.NewMetricForm)
MetricRedefinedSchema = form_schema("MetricRedefinedSchema", forms.RedefineMetricForm)
MeasurementFactsSchema = form_schema("MeasurementFactsSchema", forms.NewMeasurementForm)
MeasurementCorrectionSchema = form_schema("MeasurementCorrectionSchema", forms.CorrectMeasurementForm)

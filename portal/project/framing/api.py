"""Operations on the framing of a project."""

from dataclasses import replace

from portal.platform.web.api_operations import ApiArea
from portal.project.framing import commands, metric_commands, queries, schemas
from portal.project.framing.metric_models import ImpactMetric, Measurement
from portal.project.framing.models import Assumption, Interview, TargetGroup
from portal.project.projects.numbered_api import NumberedApi

area = ApiArea("projects")

groups = NumberedApi(
    area, "target-groups", ("target_group", "target_groups"), TargetGroup, schemas.TargetGroupSchema
).reads()
groups.creates("add_target_group", "Add a target group.", commands.add_group, schemas.NewGroupSchema)
groups.changes(
    "change_target_group", "Change a target group, or leave it.", commands.change_group, schemas.GroupSchema
)

assumptions = NumberedApi(
    area, "assumptions", ("assumption", "assumptions"), Assumption, schemas.AssumptionSchema
).reads()
assumptions.creates(
    "add_assumption", "Add an assumption.", commands.add_assumption, schemas.AssumptionTextSchema
)
assumptions.changes(
    "change_assumption",
    "Change an assumption.",
    commands.change_assumption,
    schemas.AssumptionTextSchema,
)
assumptions.acts(
    "settle",
    "settle_assumption",
    "Say what the test of an assumption showed.",
    commands.settle_assumption,
    schemas.AssumptionResultSchema,
)

interviews = NumberedApi(
    area, "interviews", ("interview", "interviews"), Interview, schemas.InterviewSchema
).reads()
interviews.creates("log_interview", "Log an interview.", commands.log_interview, schemas.InterviewTextSchema)
interviews.changes(
    "change_interview", "Change an interview.", commands.change_interview, schemas.InterviewTextSchema
)

metrics = NumberedApi(
    area, "metrics", ("metric", "metrics"), ImpactMetric, schemas.ImpactMetricSchema
).reads()
metrics.creates(
    "define_metric", "Define an impact metric.", metric_commands.define_metric, schemas.MetricPlanSchema
)
metrics.changes(
    "redefine_metric",
    "Define a metric anew, with a reason; the earlier definition stays.",
    metric_commands.redefine_metric,
    schemas.MetricRedefinedSchema,
)

measurements = NumberedApi(
    area, "measurements", ("measurement", "measurements"), Measurement, schemas.MeasurementSchema
).reads()
measurements.creates(
    "add_measurement",
    "Add a measurement of a metric.",
    metric_commands.add_measurement,
    schemas.MeasurementFactsSchema,
    under=metrics,
)
replace(measurements, find=queries.get_measurement_with_metric).changes(
    "correct_measurement",
    "Correct a measurement, or set it aside.",
    metric_commands.correct_measurement,
    schemas.MeasurementCorrectionSchema,
)

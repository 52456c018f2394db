"""Operations on the framing of a project."""

from portal.platform.web.api_operations import ApiArea
from portal.project.framing.metric_models import ImpactMetric, Measurement
from portal.project.framing.models import Assumption, Interview, TargetGroup
from portal.project.framing.schemas import (
    AssumptionSchema,
    ImpactMetricSchema,
    InterviewSchema,
    MeasurementSchema,
    TargetGroupSchema,
)
from portal.project.projects.numbered_api import add_numbered_reads

area = ApiArea("projects")
add_numbered_reads(area, "target-groups", ("target_group", "target_groups"), TargetGroup, TargetGroupSchema)
add_numbered_reads(area, "assumptions", ("assumption", "assumptions"), Assumption, AssumptionSchema)
add_numbered_reads(area, "interviews", ("interview", "interviews"), Interview, InterviewSchema)
add_numbered_reads(area, "metrics", ("metric", "metrics"), ImpactMetric, ImpactMetricSchema)
add_numbered_reads(area, "measurements", ("measurement", "measurements"), Measurement, MeasurementSchema)

"""Operations on versions of the prototype and their evaluations."""

from portal.platform.web.api_operations import ApiArea
from portal.project.projects.numbered_api import add_numbered_reads
from portal.sprints.prototypes.evaluation_models import EvaluationProtocol, EvaluationRun
from portal.sprints.prototypes.models import PrototypeVersion
from portal.sprints.prototypes.schemas import (
    EvaluationProtocolSchema,
    EvaluationRunSchema,
    PrototypeVersionSchema,
)

area = ApiArea("sprints")
add_numbered_reads(area, "versions", ("version", "versions"), PrototypeVersion, PrototypeVersionSchema)
add_numbered_reads(
    area,
    "evaluation-protocols",
    ("evaluation_protocol", "evaluation_protocols"),
    EvaluationProtocol,
    EvaluationProtocolSchema,
)
add_numbered_reads(
    area, "evaluation-runs", ("evaluation_run", "evaluation_runs"), EvaluationRun, EvaluationRunSchema
)

"""Schemas of what the API shows of this feature."""

from portal.platform.web.api_columns import row_schema
from portal.sprints.prototypes.evaluation_models import EvaluationProtocol, EvaluationRun
from portal.sprints.prototypes.models import PrototypeVersion

PrototypeVersionSchema = row_schema(
    "PrototypeVersionSchema",
    PrototypeVersion,
    "sprint_id",
    "released_on",
    "changes",
    "link",
    "recording",
    "automation",
    "exposure",
    "model_family",
    "model_provider",
)
EvaluationProtocolSchema = row_schema(
    "EvaluationProtocolSchema",
    EvaluationProtocol,
    "replaces_id",
    "dated_on",
    "metric",
    "direction",
    "held_out",
    "held_out_size",
    "baseline_name",
    "baseline",
    "threshold",
)
EvaluationRunSchema = row_schema(
    "EvaluationRunSchema",
    EvaluationRun,
    "protocol_id",
    "prototype_version_id",
    "ran_on",
    "result",
    "code_reference",
    "data_sha256",
    "note",
)

"""Operations on versions of the prototype and evaluations of its model."""

from portal.platform.web.api_operations import ApiArea
from portal.project.projects.bound_api import RowId
from portal.project.projects.numbered_api import NumberedApi
from portal.sprints.prototypes import commands, evaluation_commands, schemas
from portal.sprints.prototypes.evaluation_models import EvaluationProtocol, EvaluationRun
from portal.sprints.prototypes.models import PrototypeVersion
from portal.sprints.sprints.models import Sprint

area = ApiArea("sprints")
SPRINT = {"sprint_id": RowId("sprint", Sprint)}

versions = NumberedApi(
    area, "versions", ("version", "versions"), PrototypeVersion, schemas.PrototypeVersionSchema
).reads()
versions.creates(
    "release_version",
    "Release a version of the prototype.",
    commands.release_version,
    schemas.VersionFactsSchema,
    names=SPRINT,
)
versions.changes(
    "change_version",
    "Change what is said of a version.",
    commands.change_version,
    schemas.VersionFactsSchema,
    names=SPRINT,
)

protocols = NumberedApi(
    area,
    "evaluation-protocols",
    ("evaluation_protocol", "evaluation_protocols"),
    EvaluationProtocol,
    schemas.EvaluationProtocolSchema,
).reads()
protocols.creates(
    "write_evaluation_protocol",
    "Write how the model will be evaluated, before it is.",
    evaluation_commands.write_protocol,
    schemas.ProtocolPlanSchema,
)
protocols.changes(
    "change_evaluation_protocol",
    "Change a protocol without runs.",
    evaluation_commands.change_protocol,
    schemas.ProtocolPlanSchema,
)
protocols.acts(
    "pivot",
    "note_pivot",
    "Note that the threshold was missed, and what the team turns to.",
    evaluation_commands.note_pivot,
    schemas.PivotSchema,
)

runs = NumberedApi(
    area,
    "evaluation-runs",
    ("evaluation_run", "evaluation_runs"),
    EvaluationRun,
    schemas.EvaluationRunSchema,
).reads()
runs.creates(
    "note_evaluation_run",
    "Note a run of a protocol.",
    evaluation_commands.note_run,
    schemas.RunFactsSchema,
    under=protocols,
)

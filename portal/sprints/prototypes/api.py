"""Operations on versions of the prototype and evaluations of its model."""

from dataclasses import replace
from typing import Any

from portal.platform.kernel.access import Actor
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.project.projects.bound_api import RowNumberField, call_command
from portal.project.projects.models import Project
from portal.project.projects.numbered_api import NumberedApi
from portal.project.projects.queries import get_project
from portal.sprints.prototypes import commands, evaluation_commands, evaluation_queries, schemas
from portal.sprints.prototypes.evaluation_models import EvaluationProtocol, EvaluationRun
from portal.sprints.prototypes.models import PrototypeVersion
from portal.sprints.sprints.models import Sprint

area = ApiArea("sprints")
SPRINT = {"sprint_id": RowNumberField("sprint", Sprint)}

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


@area.create(
    f"{protocols.row_path}/replace", schemas.EvaluationProtocolSchema, body=schemas.ProtocolPlanSchema
)
def replace_evaluation_protocol(call: ApiCall, slug: str, number: int) -> EvaluationProtocol:
    """Write the protocol that replaces one with runs, which stay to be read."""
    project = get_project(call.actor, slug)
    replaced = evaluation_queries.get_protocol(call.actor, project, number)
    protocol: EvaluationProtocol = call_command(
        evaluation_commands.replace_protocol, call, project, replaced, {}
    )
    call.location = f"/projects/{slug}/{protocols.path}/{protocol.number}"
    return protocol


def _describe_numbered_run(actor: Actor, project: Project, number: int) -> dict[str, Any]:
    _protocol, run = evaluation_queries.get_run_with_protocol(actor, project, number)
    return schemas.describe_run(run, evaluation_queries.list_subgroups_by_run([run])[run.id])


runs = NumberedApi(
    area,
    "evaluation-runs",
    ("evaluation_run", "evaluation_runs"),
    EvaluationRun,
    schemas.EvaluationRunSchema,
)
runs.lists().streams()
detailed_runs = replace(
    runs,
    schema=schemas.EvaluationRunDetailsSchema,
    find=evaluation_queries.get_run_with_protocol,
    show=_describe_numbered_run,
).gets()
detailed_runs.creates(
    "note_evaluation_run",
    "Note a run of a protocol.",
    evaluation_commands.note_run,
    schemas.RunFactsSchema,
    under=protocols,
)
detailed_runs.changes(
    "change_evaluation_run",
    "Correct a run, with its results on parts of the cases.",
    evaluation_commands.change_run,
    schemas.RunFactsSchema,
)

"""Operations on demonstrations, retrospectives and the actions that they decide."""

from portal.platform.kernel.access import Actor
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage
from portal.project.projects.bound_api import call_command
from portal.project.projects.history_api import RevisionSchema, read_revision_page
from portal.project.projects.models import Project
from portal.project.projects.numbered_api import NumberedApi
from portal.project.projects.queries import get_project
from portal.sprints.ceremonies import action_commands, commands, queries, schemas
from portal.sprints.ceremonies.models import Demonstration, RetroAction, Retrospective
from portal.sprints.sprints.models import Sprint
from portal.sprints.sprints.queries import get_sprint
from portal.sprints.sprints.schemas import SprintSchema

area = ApiArea("sprints")
RETROSPECTIVE = "/projects/<slug>/sprints/<int(max=999):number>/retrospective"
sprints = NumberedApi(area, "sprints", ("sprint", "sprints"), Sprint, SprintSchema, get_sprint)

demonstrations = NumberedApi(
    area,
    "demonstrations",
    ("demonstration", "demonstrations"),
    Demonstration,
    schemas.DemonstrationSchema,
    queries.get_demonstration,
).reads()
demonstrations.histories(queries.DEMONSTRATION_ACTIONS)
demonstrations.creates(
    "note_demonstration",
    "Note a demonstration of a sprint.",
    commands.note_demonstration,
    schemas.DemonstrationFactsSchema,
    under=sprints,
    names={"version": "prototype"},
)
demonstrations.changes(
    "change_demonstration",
    "Change a demonstration.",
    commands.change_demonstration,
    schemas.DemonstrationFactsSchema,
    names={"version": "prototype"},
)
demonstrations.deletes(
    "delete_demonstration", "Delete a demonstration, on its day.", commands.delete_demonstration
)


def _get_retrospective(actor: Actor, project: Project, number: int) -> Retrospective:
    return queries.get_retrospective(actor, project, get_sprint(actor, project, number))


@area.get(RETROSPECTIVE, schemas.RetrospectiveSchema)
def get_retrospective(call: ApiCall, slug: str, number: int) -> Retrospective:
    """Read the retrospective of a sprint."""
    return _get_retrospective(call.actor, get_project(call.actor, slug), number)


@area.list(f"{RETROSPECTIVE}/history", RevisionSchema)
def list_retrospective_history(call: ApiCall, slug: str, number: int) -> ApiPage:
    """List who changed what in the retrospective of a sprint and its actions, the latest first."""
    row = _get_retrospective(call.actor, get_project(call.actor, slug), number)
    return read_revision_page(
        call, queries.list_retrospective_history_subject_ids(row), queries.RETROSPECTIVE_ACTIONS
    )


@area.change(RETROSPECTIVE, schemas.RetrospectiveSchema, body=schemas.RetrospectiveFactsSchema)
def write_retrospective(call: ApiCall, slug: str, number: int) -> Retrospective:
    """Write the retrospective of a sprint; `If-Match: "0"` where there is none yet."""
    project = get_project(call.actor, slug)
    sprint = get_sprint(call.actor, project, number)
    row: Retrospective = call_command(commands.write_retrospective, call, project, sprint, {})
    return row


actions = NumberedApi(area, "actions", ("action", "actions"), RetroAction, schemas.RetroActionSchema).reads()
actions.creates(
    "add_action",
    "Add an action to the retrospective of a sprint.",
    action_commands.add_action,
    schemas.ActionFactsSchema,
    under=NumberedApi(area, "sprints", ("sprint", "sprints"), Sprint, SprintSchema, _get_retrospective),
)
actions.changes(
    "change_action", "Change an action.", action_commands.change_action, schemas.ActionFactsSchema
)
actions.acts(
    "settle",
    "settle_action",
    "Say that an action is done or dropped, or open it again.",
    action_commands.settle_action,
    schemas.SettleActionSchema,
)
actions.acts(
    "item",
    "make_item_of_action",
    "Make an item of the backlog from an action.",
    action_commands.create_backlog_item,
)

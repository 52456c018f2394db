"""Operations on sprints: plan, start, close, and their log."""

from collections.abc import Iterator

from portal.people.programmes.queries import get_programme
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage
from portal.project.projects.numbered_api import (
    NumberedApi,
    ResumeStreamQuerySchema,
    build_programme_line_schema,
)
from portal.project.projects.numbered_queries import iterate_row_batches_in_programme, list_rows_after
from portal.project.projects.queries import get_project
from portal.sprints.backlog.item_list_queries import list_sprint_items
from portal.sprints.sprints import commands, policy, queries, timing_commands, undo_commands
from portal.sprints.sprints.commands import SprintPlan
from portal.sprints.sprints.models import Sprint
from portal.sprints.sprints.schemas import (
    CloseSprintSchema,
    SaveSprintDraftSchema,
    ShownSprint,
    SprintDraft,
    SprintDraftSchema,
    SprintLogSchema,
    SprintPlanSchema,
    SprintSchema,
    StartSprintSchema,
    build_log,
    build_spills,
)

area = ApiArea("sprints")
NumberedApi(area, "sprints", ("sprint", "sprints"), Sprint, SprintSchema, queries.get_sprint).histories(
    policy.HISTORY_ACTIONS
)
SPRINTS = "/projects/<slug>/sprints"
SPRINT = f"{SPRINTS}/<int(max=999):number>"


@area.list(SPRINTS, SprintSchema)
def list_sprints(call: ApiCall, slug: str) -> ApiPage:
    """List the sprints of a project, by number."""
    project = get_project(call.actor, slug)
    rows = list_rows_after(call.actor, Sprint, project, call.page.cursor_number, call.page.limit)
    return call.page.cut_numbered([ShownSprint(sprint) for sprint in rows])


@area.get(
    "/programmes/<programme>/sprints",
    build_programme_line_schema(SprintSchema),
    is_stream=True,
    query=ResumeStreamQuerySchema,
)
def stream_sprints(call: ApiCall, programme: str) -> Iterator[list[ShownSprint]]:
    """Read the sprints of all projects of a programme, one a line."""
    opened = get_programme(call.actor, programme)
    for batch in iterate_row_batches_in_programme(call.actor, Sprint, opened.id, call.query.get("after")):
        yield [ShownSprint(sprint) for sprint in batch]


@area.get(SPRINT, SprintSchema)
def get_sprint(call: ApiCall, slug: str, number: int) -> ShownSprint:
    """Read a sprint."""
    return ShownSprint(queries.get_sprint(call.actor, get_project(call.actor, slug), number))


@area.create(SPRINTS, SprintSchema, body=SprintPlanSchema)
def plan_sprint(call: ApiCall, slug: str) -> ShownSprint:
    """Plan the next sprint."""
    sprint = commands.plan_sprint(call.actor, get_project(call.actor, slug), SprintPlan(**call.body))
    call.location = f"/projects/{slug}/sprints/{sprint.number}"
    return ShownSprint(sprint)


@area.change(f"{SPRINT}/plan", SprintSchema, body=SprintPlanSchema)
def edit_sprint_plan(call: ApiCall, slug: str, number: int) -> ShownSprint:
    """Change the plan of a sprint that is not closed."""
    project = get_project(call.actor, slug)
    sprint = queries.get_sprint(call.actor, project, number)
    commands.edit_plan(call.actor, project, sprint, SprintPlan(**call.body), call.version)
    return ShownSprint(sprint)


@area.act(f"{SPRINT}/start", SprintSchema, body=StartSprintSchema)
def start_sprint(call: ApiCall, slug: str, number: int) -> ShownSprint:
    """Start a planned sprint today."""
    project = get_project(call.actor, slug)
    sprint = queries.get_sprint(call.actor, project, number)
    commands.start_sprint(call.actor, project, sprint, call.body["ends_on"])
    return ShownSprint(sprint)


@area.get(f"{SPRINT}/draft", SprintDraftSchema)
def get_sprint_draft(call: ApiCall, slug: str, number: int) -> SprintDraft:
    """Read the log of a running sprint as it was last saved, for its team."""
    project = get_project(call.actor, slug)
    sprint = queries.get_sprint(call.actor, project, number)
    timing_commands.require_to_close(call.actor, project, sprint)
    return SprintDraft(sprint, list_sprint_items(sprint.id))


@area.change(f"{SPRINT}/draft", SprintDraftSchema, body=SaveSprintDraftSchema)
def save_sprint_draft(call: ApiCall, slug: str, number: int) -> SprintDraft:
    """Save the log of a running sprint without closing it."""
    project = get_project(call.actor, slug)
    sprint = queries.get_sprint(call.actor, project, number)
    log, spills = build_log(call.body), build_spills(call.body)
    commands.save_log_draft(call.actor, project, sprint, log, call.version, spills=spills)
    return SprintDraft(sprint, list_sprint_items(sprint.id))


@area.act(
    f"{SPRINT}/close",
    SprintSchema,
    body=CloseSprintSchema,
    is_versioned=True,
    read_by=("get_sprint", "get_sprint_draft"),
)
def close_sprint(call: ApiCall, slug: str, number: int) -> ShownSprint:
    """Close the running sprint with its log; what is not sent stays as its draft has it, and its open
    items move on unless `spills` says otherwise."""
    project = get_project(call.actor, slug)
    sprint = queries.get_sprint(call.actor, project, number)
    values = SprintDraft(sprint, list_sprint_items(sprint.id)).completed(call.body)
    log, spills = build_log(values), build_spills(values)
    commands.close_sprint(call.actor, project, sprint, log, call.version, spills=spills)
    return ShownSprint(sprint)


@area.change(f"{SPRINT}/log", SprintSchema, body=SprintLogSchema)
def edit_sprint_log(call: ApiCall, slug: str, number: int) -> ShownSprint:
    """Correct the log of a closed sprint."""
    project = get_project(call.actor, slug)
    sprint = queries.get_sprint(call.actor, project, number)
    commands.edit_log(call.actor, project, sprint, build_log(call.body), call.version)
    return ShownSprint(sprint)


@area.act(f"{SPRINT}/undo", SprintSchema, is_versioned=True)
def undo_sprint_step(call: ApiCall, slug: str, number: int) -> ShownSprint:
    """Undo the start of a running sprint or the close of a closed one, while nothing followed."""
    project = get_project(call.actor, slug)
    sprint = queries.get_sprint(call.actor, project, number)
    undo_commands.undo_start_or_close(call.actor, project, sprint, call.version)
    return ShownSprint(sprint)


@area.delete(SPRINT)
def drop_sprint(call: ApiCall, slug: str, number: int) -> None:
    """Delete a planned sprint; its items go back to the backlog."""
    project = get_project(call.actor, slug)
    commands.drop_sprint(call.actor, project, queries.get_sprint(call.actor, project, number))

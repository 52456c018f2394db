"""Operations on sprints: plan, start, close, and their log."""

from portal.platform.web.api_operations import ApiArea, ApiCall, ApiPage
from portal.project.projects.numbered_api import NumberedApi
from portal.project.projects.numbered_queries import list_after
from portal.project.projects.queries import get_project
from portal.sprints.sprints import commands, queries, undo_commands
from portal.sprints.sprints.commands import SprintPlan
from portal.sprints.sprints.models import Sprint
from portal.sprints.sprints.schemas import (
    SprintCloseSchema,
    SprintLogSchema,
    SprintPlanSchema,
    SprintSchema,
    SprintStartSchema,
    build_log,
    build_spills,
)

area = ApiArea("sprints")
NumberedApi(area, "sprints", ("sprint", "sprints"), Sprint, SprintSchema).streams()
SPRINTS = "/projects/<slug>/sprints"
SPRINT = f"{SPRINTS}/<int(max=999):number>"


@area.list(SPRINTS, SprintSchema)
def list_sprints(call: ApiCall, slug: str) -> ApiPage:
    """List the sprints of a project, by number."""
    project = get_project(call.actor, slug)
    return call.page.cut_numbered(list_after(call.actor, Sprint, project, call.page.first, call.page.limit))


@area.get(SPRINT, SprintSchema)
def get_sprint(call: ApiCall, slug: str, number: int) -> Sprint:
    """Read a sprint."""
    return queries.get_sprint(call.actor, get_project(call.actor, slug), number)


@area.create(SPRINTS, SprintSchema, body=SprintPlanSchema)
def plan_sprint(call: ApiCall, slug: str) -> Sprint:
    """Plan the next sprint."""
    sprint = commands.plan_sprint(call.actor, get_project(call.actor, slug), SprintPlan(**call.body))
    call.location = f"/projects/{slug}/sprints/{sprint.number}"
    return sprint


@area.change(f"{SPRINT}/plan", SprintSchema, body=SprintPlanSchema)
def edit_sprint_plan(call: ApiCall, slug: str, number: int) -> Sprint:
    """Change the plan of a sprint that is not closed."""
    project = get_project(call.actor, slug)
    sprint = queries.get_sprint(call.actor, project, number)
    commands.edit_plan(call.actor, project, sprint, SprintPlan(**call.body), call.version)
    return sprint


@area.act(f"{SPRINT}/start", SprintSchema, body=SprintStartSchema)
def start_sprint(call: ApiCall, slug: str, number: int) -> Sprint:
    """Start a planned sprint today."""
    project = get_project(call.actor, slug)
    sprint = queries.get_sprint(call.actor, project, number)
    commands.start_sprint(call.actor, project, sprint, call.body["ends_on"])
    return sprint


@area.act(f"{SPRINT}/close", SprintSchema, body=SprintCloseSchema, is_versioned=True)
def close_sprint(call: ApiCall, slug: str, number: int) -> Sprint:
    """Close the running sprint with its log; its open items move on unless `spills` says otherwise."""
    project = get_project(call.actor, slug)
    sprint = queries.get_sprint(call.actor, project, number)
    log, spills = build_log(call.body), build_spills(call.body)
    commands.close_sprint(call.actor, project, sprint, log, call.version, spills=spills)
    return sprint


@area.change(f"{SPRINT}/log", SprintSchema, body=SprintLogSchema)
def edit_sprint_log(call: ApiCall, slug: str, number: int) -> Sprint:
    """Correct the log of a closed sprint."""
    project = get_project(call.actor, slug)
    sprint = queries.get_sprint(call.actor, project, number)
    commands.edit_log(call.actor, project, sprint, build_log(call.body), call.version)
    return sprint


@area.act(f"{SPRINT}/undo", SprintSchema, is_versioned=True)
def undo_sprint_step(call: ApiCall, slug: str, number: int) -> Sprint:
    """Undo the start of a running sprint or the close of a closed one, while nothing followed."""
    project = get_project(call.actor, slug)
    sprint = queries.get_sprint(call.actor, project, number)
    undo_commands.undo_last_step(call.actor, project, sprint, call.version)
    return sprint


@area.delete(SPRINT)
def drop_sprint(call: ApiCall, slug: str, number: int) -> None:
    """Delete a planned sprint; its items go back to the backlog."""
    project = get_project(call.actor, slug)
    commands.drop_sprint(call.actor, project, queries.get_sprint(call.actor, project, number))

"""A project's sprints: the list, one sprint with its log and discussion, and the forms between."""

from typing import Any

from flask import Blueprint, Response, flash, request, url_for

from portal.collaboration.discussions.views import discussion_context
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import submit
from portal.platform.web.rendering import redirect_to, render
from portal.project.projects.models import Project
from portal.project.projects.queries import get_programme_of, get_project
from portal.project.projects.workspace_views import attachments_context
from portal.sprints.backlog import labels as item_words
from portal.sprints.backlog.item_list_queries import list_sprint_items
from portal.sprints.sprints import commands, labels, policy, queries, section_views, timing_rules
from portal.sprints.sprints.forms import (
    DropSprintForm,
    EditPlanForm,
    LogForm,
    PlanSprintForm,
    StartForm,
)
from portal.sprints.sprints.models import Sprint, SprintState

bp = Blueprint("sprints", __name__, url_prefix="/projects/<slug>/sprints")
SPRINT_PATH = "/<int(max=999):number>"


def load_sprint_to_write(slug: str, number: int) -> tuple[Project, Sprint]:
    """The same for whoever may write in the team's name; asked before any form is looked at."""
    project, sprint = load_sprint(slug, number)
    timing_rules.require_writer(actor, project)
    return project, sprint


def load_sprint(slug: str, number: int) -> tuple[Project, Sprint]:
    """The project and its sprint, if this person may see them."""
    project = get_project(actor, slug)
    return project, queries.get_sprint(actor, project, number)


@bp.get("")
def index(slug: str) -> Response:
    project = get_project(actor, slug)
    page = max(1, min(request.args.get("page", 1, type=int), 999))
    return render(
        "sprints/sprints/index.html",
        fragment="sprints",
        project=project,
        programme=get_programme_of(project),
        board=queries.get_sprint_overview(actor, project, page),
        can_plan=policy.can_plan(actor, project),
        can_close=lambda sprint: policy.can_close(actor, project, sprint),
        can_start=lambda sprint: policy.can_start(actor, project, sprint),
        start_form=StartForm(formdata=None),
        page_url=lambda number: url_for(".index", slug=slug, page=number),
        words=labels,
    )


@bp.get("/plan")
def plan_page(slug: str) -> Response:
    project = get_project(actor, slug)
    timing_rules.require_to_plan(actor, project)
    first, last = queries.suggest_sprint_dates(project)
    # What the last log announced, unless the running sprint has taken it up already.
    before = (
        None if queries.find_active_sprint(project) else queries.find_last_closed_sprint(project)
    )
    goal = before.next_goal if before else ""
    return _render_plan(
        project, PlanSprintForm(formdata=None, goal=goal, starts_on=first, ends_on=last)
    )


@bp.post("/plan")
def plan(slug: str) -> Response:
    project, form = get_project(actor, slug), PlanSprintForm()
    timing_rules.require_writer(actor, project)

    def on_success(sprint: Sprint) -> Response:
        flash(_("Sprint %(number)s planifié.", number=sprint.number))
        return redirect_to(".page", slug=slug, number=sprint.number)

    return submit(
        form,
        lambda _values: commands.plan_sprint(actor, project, form.plan()),
        on_success,
        lambda status: _render_plan(project, form, status=status),
    )


def _render_plan(
    project: Project,
    form: PlanSprintForm | EditPlanForm,
    sprint: Sprint | None = None,
    status: int = 200,
) -> Response:
    return render(
        "sprints/sprints/plan.html",
        fragment="form",
        status=status,
        project=project,
        sprint=sprint,
        form=form,
    )


@bp.get(SPRINT_PATH)
def page(slug: str, number: int) -> Response:
    project = get_project(actor, slug)
    return _render_page(project, queries.get_sprint_with_neighbours(actor, project, number))


def _render_page(
    project: Project,
    placed: queries.SprintWithNeighbours,
    status: int = 200,
    refused: str | None = None,
) -> Response:
    sprint = placed.sprint
    could_start = policy.can_start(actor, project, sprint)
    content = section_views.get_sprint_page_content(actor, project, sprint)
    return render(
        "sprints/sprints/page.html",
        fragment="discussion",
        status=status,
        project=project,
        sprint=sprint,
        refused=refused,
        can_edit_plan=policy.can_edit_plan(actor, project, sprint),
        can_start=could_start and placed.running is None,
        waits_for=placed.running if could_start else None,
        can_drop=policy.can_drop(actor, project, sprint),
        can_close=policy.can_close(actor, project, sprint),
        can_edit_log=policy.can_edit_log(actor, project, sprint),
        can_go_on=placed.is_last_closed and policy.can_plan(actor, project),
        planned=placed.planned,
        start_form=StartForm(formdata=None),
        frozen=content.frozen,
        scope=list_sprint_items(sprint.id) if sprint.state is SprintState.PLANNED else [],
        item_words=item_words,
        lines=content.lines,
        words=labels,
        **attachments_context(project, sprint),
        **discussion_context(sprint.discussion_id),
    )


@bp.get(f"{SPRINT_PATH}/edit")
def edit_plan_page(slug: str, number: int) -> Response:
    project, sprint = load_sprint(slug, number)
    timing_rules.require_to_edit_plan(actor, project, sprint)
    return _render_plan(project, EditPlanForm(formdata=None, obj=sprint), sprint)


@bp.post(f"{SPRINT_PATH}/edit")
def edit_plan(slug: str, number: int) -> Response:
    project, sprint = load_sprint_to_write(slug, number)
    form = EditPlanForm()

    def act(values: dict[str, Any]) -> None:
        commands.edit_plan(actor, project, sprint, form.plan(), values["version"])

    def on_success(_result: None) -> Response:
        flash(_("Plan enregistré."))
        return redirect_to(".page", slug=slug, number=number)

    return submit(
        form,
        act,
        on_success,
        lambda status: _render_plan(project, form, sprint, status),
        stored=sprint,
    )


@bp.post(f"{SPRINT_PATH}/start")
def start(slug: str, number: int) -> Response:
    project, sprint = load_sprint_to_write(slug, number)
    form = StartForm()

    def on_success(_result: None) -> Response:
        flash(_("Le sprint %(number)s est en cours.", number=number))
        return redirect_to(".page", slug=slug, number=number)

    def again(status: int) -> Response:
        placed = queries.get_sprint_with_neighbours(actor, project, number)
        return _render_page(project, placed, status, form.refused_because)

    return submit(
        form, lambda _values: commands.start_sprint(actor, project, sprint), on_success, again
    )


@bp.get(f"{SPRINT_PATH}/drop")
def drop_page(slug: str, number: int) -> Response:
    project, sprint = load_sprint(slug, number)
    timing_rules.require_to_drop(actor, project, sprint)
    return _render_drop(project, sprint, DropSprintForm(formdata=None))


@bp.post(f"{SPRINT_PATH}/drop")
def drop(slug: str, number: int) -> Response:
    project, sprint = load_sprint_to_write(slug, number)
    form = DropSprintForm()

    def on_success(_result: None) -> Response:
        flash(_("Sprint %(number)s retiré.", number=number))
        return redirect_to(".index", slug=slug)

    return submit(
        form,
        lambda _values: commands.drop_sprint(actor, project, sprint),
        on_success,
        lambda status: _render_drop(project, sprint, form, status),
    )


def _render_drop(
    project: Project, sprint: Sprint, form: DropSprintForm, status: int = 200
) -> Response:
    return render(
        "sprints/sprints/drop.html", status=status, project=project, sprint=sprint, form=form
    )


@bp.get(f"{SPRINT_PATH}/history")
def history(slug: str, number: int) -> Response:
    project, sprint = load_sprint(slug, number)
    fields = [*EditPlanForm(formdata=None), *LogForm(formdata=None)]
    return render(
        "sprints/sprints/history.html",
        project=project,
        sprint=sprint,
        revisions=queries.list_revisions(sprint),
        labels={field.name: field.label.text for field in fields},
        words=labels,
    )

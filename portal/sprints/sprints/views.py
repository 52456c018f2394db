"""A project's sprints: the list, one sprint with its log and discussion, and its forms."""

from flask import Blueprint, Response, request, url_for

from portal.collaboration.discussions.views import discussion_context
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import CreateForm
from portal.platform.web.form_page import make_form
from portal.platform.web.rendering import render
from portal.platform.web.writes import write
from portal.project.projects.models import Project
from portal.project.projects.queries import get_programme_of, get_project
from portal.project.projects.revision_queries import list_revisions
from portal.project.projects.work_commands import require_writer
from portal.project.projects.workspace_views import (
    attachments_context,
    open_row,
    open_row_to_submit,
    open_row_to_write,
)
from portal.sprints.backlog import labels as item_labels
from portal.sprints.backlog.item_list_queries import list_sprint_items
from portal.sprints.sprints import commands, labels, policy, queries, section_views, timing_commands
from portal.sprints.sprints.forms import EditPlanForm, LogForm, PlanSprintForm
from portal.sprints.sprints.models import Sprint, SprintState

bp = Blueprint("sprints", __name__, url_prefix="/projects/<slug>/sprints")
SPRINT_PATH = "/<int(max=999):number>"


@bp.get("")
def index(slug: str) -> Response:
    project = get_project(actor, slug)
    page = max(1, min(request.args.get("page", 1, type=int), 999))
    return render(
        "sprints/sprints/index.html",
        fragment="sprints",
        project=project,
        programme=get_programme_of(project),
        overview=queries.get_sprint_overview(actor, project, page),
        can_plan=policy.can_plan(actor, project),
        can_close=lambda sprint: policy.can_close(actor, project, sprint),
        can_start=lambda sprint: policy.can_start(actor, project, sprint),
        start_form=CreateForm(formdata=None),
        page_url=lambda number: url_for(".index", slug=slug, page=number),
        labels=labels,
    )


@bp.get("/plan")
def plan_page(slug: str) -> Response:
    project = get_project(actor, slug)
    timing_commands.require_to_plan(actor, project)
    first, last = queries.suggest_sprint_dates(project)
    # The goal that the last log announced, unless the running sprint has it already.
    before = None if queries.find_active_sprint(project) else queries.find_last_closed_sprint(project)
    goal = before.next_goal if before else ""
    return _render_plan(project, PlanSprintForm(formdata=None, goal=goal, starts_on=first, ends_on=last))


@bp.post("/plan")
def plan(slug: str) -> Response:
    project, form = get_project(actor, slug), PlanSprintForm()
    require_writer(actor, project)
    return write(
        form,
        lambda _values: commands.plan_sprint(actor, project, form.plan()),
        message=lambda sprint: _("Sprint %(number)s planifié.", number=sprint.number),
        to=lambda sprint: url_for(".page", slug=slug, number=sprint.number),
        page=lambda status: _render_plan(project, form, status=status),
    )


def _render_plan(
    project: Project, form: PlanSprintForm | EditPlanForm, sprint: Sprint | None = None, status: int = 200
) -> Response:
    return render(
        "sprints/sprints/plan.html", fragment="form", status=status, project=project, sprint=sprint, form=form
    )


@bp.get(SPRINT_PATH)
def page(slug: str, number: int) -> Response:
    return _render_page(get_project(actor, slug), number)


def _render_page(project: Project, number: int, status: int = 200, refused: str | None = None) -> Response:
    neighbours = queries.get_sprint_with_neighbours(actor, project, number)
    sprint = neighbours.sprint
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
        can_start=could_start and neighbours.running is None,
        waits_for=neighbours.running if could_start else None,
        can_drop=policy.can_drop(actor, project, sprint),
        can_close=policy.can_close(actor, project, sprint),
        can_edit_log=policy.can_edit_log(actor, project, sprint),
        can_go_on=neighbours.is_last_closed and policy.can_plan(actor, project),
        planned=neighbours.planned,
        start_form=CreateForm(formdata=None),
        frozen=content.frozen,
        scope=list_sprint_items(sprint.id) if sprint.state is SprintState.PLANNED else [],
        item_labels=item_labels,
        lines=content.lines,
        labels=labels,
        **attachments_context(project, sprint),
        **discussion_context(sprint.discussion_id),
    )


@bp.get(f"{SPRINT_PATH}/edit", endpoint="edit_plan_page")
@bp.post(f"{SPRINT_PATH}/edit")
def edit_plan(slug: str, number: int) -> Response:
    project, sprint = open_row_to_submit(
        slug, number, queries.get_sprint, timing_commands.require_to_edit_plan
    )
    form = make_form(EditPlanForm, obj=sprint)
    return write(
        form,
        lambda values: commands.edit_plan(actor, project, sprint, form.plan(), values["version"]),
        message=_("Plan enregistré."),
        to=url_for(".page", slug=slug, number=number),
        page=lambda status: _render_plan(project, form, sprint, status),
        stored=sprint,
    )


@bp.post(f"{SPRINT_PATH}/start")
def start(slug: str, number: int) -> Response:
    project, sprint = open_row_to_write(slug, number, queries.get_sprint)
    form = CreateForm()
    return write(
        form,
        lambda _values: commands.start_sprint(actor, project, sprint),
        message=_("Le sprint %(number)s est en cours.", number=number),
        to=url_for(".page", slug=slug, number=number),
        page=lambda status: _render_page(project, number, status, form.refused_because),
    )


@bp.get(f"{SPRINT_PATH}/drop", endpoint="drop_page")
@bp.post(f"{SPRINT_PATH}/drop")
def drop(slug: str, number: int) -> Response:
    project, sprint = open_row_to_submit(slug, number, queries.get_sprint, timing_commands.require_to_drop)
    form = make_form(CreateForm)
    return write(
        form,
        lambda _values: commands.drop_sprint(actor, project, sprint),
        message=_("Sprint %(number)s retiré.", number=number),
        to=url_for(".index", slug=slug),
        page=lambda status: _render_drop(project, sprint, form, status),
    )


def _render_drop(project: Project, sprint: Sprint, form: CreateForm, status: int = 200) -> Response:
    return render("sprints/sprints/drop.html", status=status, project=project, sprint=sprint, form=form)


@bp.get(f"{SPRINT_PATH}/history")
def history(slug: str, number: int) -> Response:
    project, sprint = open_row(slug, number, queries.get_sprint)
    fields = [*EditPlanForm(formdata=None), *LogForm(formdata=None)]
    return render(
        "sprints/sprints/history.html",
        project=project,
        sprint=sprint,
        revisions=list_revisions([sprint.id], policy.HISTORY_ACTIONS),
        labels={field.name: field.label.text for field in fields},
        words=labels,
    )

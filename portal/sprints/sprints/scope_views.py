"""Planning the scope of a sprint: the items that the team takes from the backlog."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, url_for

from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.rendering import redirect_to, render, wants_fragment
from portal.platform.web.writes import write
from portal.project.projects.models import Project
from portal.project.projects.workspace_views import load_project_and_row, load_project_and_row_to_write
from portal.sprints.backlog import labels, move_commands
from portal.sprints.backlog.item_list_queries import list_sprint_items, read_first_backlog_page
from portal.sprints.backlog.views import describe_conflict, find_target_iteration, get_items_at_versions
from portal.sprints.sprints import section_views, timing_commands
from portal.sprints.sprints.item_forms import ScopeForm
from portal.sprints.sprints.models import Sprint, SprintState
from portal.sprints.sprints.queries import get_sprint
from portal.sprints.sprints.views import SPRINT_PATH

bp = Blueprint("sprint_scope", __name__, url_prefix="/projects/<slug>/sprints")


@bp.get(f"{SPRINT_PATH}/items")
def page(slug: str, number: int) -> Response:
    project, sprint = load_project_and_row(slug, number, get_sprint)
    if sprint.state is SprintState.CLOSED:
        return redirect_to("sprints.page", slug=slug, number=number)
    timing_commands.require_to_plan(actor, project)
    return _render_page(project, sprint)


def _render_page(
    project: Project, sprint: Sprint, status: int = 200, form: ScopeForm | None = None
) -> Response:
    if form and status == HTTPStatus.CONFLICT:
        form.form_errors = [describe_conflict(actor, project, form.handles)]
    scope, waiting = list_sprint_items(sprint.id), read_first_backlog_page(project.id)
    return render(
        "sprints/sprints/scope.html",
        fragment="scope",
        status=status,
        project=project,
        sprint=sprint,
        scope=scope,
        waiting=waiting,
        ticked=section_views.list_carried_to_tick(actor, project, scope, waiting.lines),
        size=sum(line.points or 0 for line in scope),
        pace=section_views.read_workload(actor, project, ())[1],
        usual=section_views.read_workload(actor, project, scope)[1],
        form=form,
        is_fragment=wants_fragment(),
        labels=labels,
    )


@bp.post(f"{SPRINT_PATH}/items")
def change_scope(slug: str, number: int) -> Response:
    project, sprint = load_project_and_row_to_write(slug, number, get_sprint)
    form = ScopeForm()

    def move_items(_values: dict[str, Any]) -> str:
        to = None if form.back.data else find_target_iteration(project, f"sprint-{sprint.number}")
        moved = move_commands.move_items(actor, project, get_items_at_versions(project, form.handles), to)
        if to is None:
            return _("« %(title)s » est remis au carnet.", title=moved[0].title)
        return ngettext(
            "%(num)s élément pris dans le sprint.", "%(num)s éléments pris dans le sprint.", len(moved)
        )

    return write(
        form,
        move_items,
        message=lambda message: message,
        to=url_for(".page", slug=slug, number=number),
        page=lambda status: _render_page(project, sprint, status, form),
    )

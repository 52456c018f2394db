"""The board of the sprint in progress: its items by state, moved by buttons or drag and drop."""

from typing import Any

from flask import Blueprint, Response, request, url_for

from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import CONFLICT
from portal.platform.web.rendering import render, wants_fragment
from portal.platform.web.writes import write
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project
from portal.project.projects.work_commands import require_team_member
from portal.sprints.backlog import labels, state_commands
from portal.sprints.backlog import policy as items_policy
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.item_list_queries import list_sprint_items
from portal.sprints.backlog.models import Item
from portal.sprints.backlog.views import describe_conflict, get_items_at_versions
from portal.sprints.sprints import policy, queries, section_views
from portal.sprints.sprints.item_forms import BoardForm

bp = Blueprint("sprint_board", __name__, url_prefix="/projects/<slug>/board")


@bp.get("")
def page(slug: str) -> Response:
    return _render_page(get_project(actor, slug))


def _render_page(project: Project, status: int = 200, form: BoardForm | None = None) -> Response:
    if form and status == CONFLICT:
        form.form_errors = [describe_conflict(actor, project, [form.parse_move()[0]])]
    sprint = queries.find_active_sprint(project)
    lines = list_sprint_items(sprint.id) if sprint else ()
    return render(
        "sprints/sprints/board.html",
        fragment="board",
        status=status,
        project=project,
        sprint=sprint,
        planned=None if sprint else queries.find_next_planned_sprint(project),
        matters=section_views.list_left_out_priorities(project, sprint) if sprint else [],
        columns=tuple((state, tuple(line for line in lines if line.state is state)) for state in ItemState),
        count=len(lines),
        blocked_count=sum(line.state is ItemState.BLOCKED for line in lines),
        size=sum(line.points or 0 for line in lines),
        points_done=sum(line.points or 0 for line in lines if line.state is ItemState.DONE),
        form=form,
        can_work=items_policy.can_add_and_order_items(actor, project),
        can_close=sprint is not None and policy.can_close(actor, project, sprint),
        can_plan=policy.can_plan(actor, project),
        moved=request.args.get("moved", type=int),
        is_fragment=wants_fragment(),
        labels=labels,
    )


@bp.post("")
def change_item_state(slug: str) -> Response:
    project, form = get_project(actor, slug), BoardForm()
    require_team_member(actor, project)

    def set_state(_values: dict[str, Any]) -> Item:
        handle, state = form.parse_move()
        (item_at_version,) = get_items_at_versions(project, [handle])
        state_commands.set_item_state(actor, project, item_at_version, state)
        return item_at_version.item

    return write(
        form,
        set_state,
        message=labels.state_message,
        to=lambda item: url_for(".page", slug=slug, moved=item.number),
        page=lambda status: _render_page(project, status, form),
    )

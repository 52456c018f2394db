"""The items on a running sprint's page: their state buttons, and a line to add one."""

from typing import Any

from flask import Blueprint, Response, url_for

from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import CONFLICT
from portal.platform.web.writes import write
from portal.project.projects.workspace_views import load_project_and_row_to_write
from portal.sprints.backlog import commands, labels, state_commands
from portal.sprints.backlog.models import Item
from portal.sprints.backlog.views import describe_conflict, find_target_iteration, get_items_at_versions
from portal.sprints.sprints import queries
from portal.sprints.sprints.item_forms import BoardForm, QuickAddForm
from portal.sprints.sprints.views import SPRINT_PATH, render_sprint_page

bp = Blueprint("running_sprint", __name__, url_prefix="/projects/<slug>/sprints")


@bp.post(f"{SPRINT_PATH}/move")
def change_item_state(slug: str, number: int) -> Response:
    project, _sprint = load_project_and_row_to_write(slug, number, queries.get_sprint)
    form = BoardForm()

    def set_state(_values: dict[str, Any]) -> Item:
        handle, state = form.parse_move()
        (item_at_version,) = get_items_at_versions(project, [handle])
        state_commands.set_item_state(actor, project, item_at_version, state)
        return item_at_version.item

    def show_refused(status: int) -> Response:
        if status == CONFLICT:
            form.form_errors = [describe_conflict(actor, project, [form.parse_move()[0]])]
        return render_sprint_page(project, number, status, refused_form=form)

    return write(
        form,
        set_state,
        message=labels.state_message,
        to=lambda item: url_for("sprints.page", slug=slug, number=number, moved=item.number),
        page=show_refused,
    )


@bp.post(f"{SPRINT_PATH}/add")
def add(slug: str, number: int) -> Response:
    project, sprint = load_project_and_row_to_write(slug, number, queries.get_sprint)
    form = QuickAddForm()

    def add_items(_values: dict[str, Any]) -> list[Item]:
        to = find_target_iteration(project, f"sprint-{sprint.number}")
        return commands.add_items(actor, project, form.item_texts(), to)

    return write(
        form,
        add_items,
        message=lambda items: _("« %(title)s » est dans le sprint.", title=items[0].title),
        to=url_for("sprints.page", slug=slug, number=number, added=1),
        page=lambda status: render_sprint_page(project, number, status, add_form=form),
    )

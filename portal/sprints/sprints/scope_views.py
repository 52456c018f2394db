"""Planning: what the team takes from the backlog into a sprint, beside what it can hold."""

from typing import Any

from flask import Blueprint, Response, flash

from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import CONFLICT, submit
from portal.platform.web.rendering import redirect_to, render, wants_fragment
from portal.project.projects.models import Project
from portal.sprints.backlog import labels, move_commands
from portal.sprints.backlog.item_list_queries import list_first_backlog_page, list_sprint_items
from portal.sprints.backlog.views import (
    describe_conflict,
    get_items_at_versions,
    get_target_iteration,
)
from portal.sprints.sprints import timing_rules
from portal.sprints.sprints.forms import ScopeForm
from portal.sprints.sprints.models import Sprint, SprintState
from portal.sprints.sprints.views import SPRINT_PATH, load_sprint, load_sprint_to_write

bp = Blueprint("sprint_scope", __name__, url_prefix="/projects/<slug>/sprints")


@bp.get(f"{SPRINT_PATH}/items")
def page(slug: str, number: int) -> Response:
    project, sprint = load_sprint(slug, number)
    if sprint.state is SprintState.CLOSED:
        return redirect_to("sprints.page", slug=slug, number=number)
    timing_rules.require_to_plan(actor, project)
    return _render_page(project, sprint)


def _render_page(
    project: Project, sprint: Sprint, status: int = 200, form: ScopeForm | None = None
) -> Response:
    scope = list_sprint_items(sprint.id)
    return render(
        "sprints/sprints/scope.html",
        fragment="scope",
        status=status,
        project=project,
        sprint=sprint,
        scope=scope,
        waiting=list_first_backlog_page(project.id),
        size=sum(line.points or 0 for line in scope),
        form=form,
        fragment_shown=wants_fragment(),
        words=labels,
    )


@bp.post(f"{SPRINT_PATH}/items")
def take(slug: str, number: int) -> Response:
    project, sprint = load_sprint_to_write(slug, number)
    form = ScopeForm()

    def act(_values: dict[str, Any]) -> str:
        to = None if form.back.data else get_target_iteration(project, f"sprint-{sprint.number}")
        moved = move_commands.move_items(
            actor, project, get_items_at_versions(project, form.handles), to
        )
        if to is None:
            return _("« %(title)s » est remis au carnet.", title=moved[0].title)
        return ngettext(
            "%(num)s élément pris dans le sprint.",
            "%(num)s éléments pris dans le sprint.",
            len(moved),
        )

    def on_success(message: str) -> Response:
        flash(message)
        return redirect_to(".page", slug=slug, number=number)

    def again(status: int) -> Response:
        if status == CONFLICT:
            form.form_errors = [describe_conflict(actor, project, form.handles)]
        return _render_page(project, sprint, status, form)

    return submit(form, act, on_success, again)

"""Planning: what the team takes from the backlog into a sprint, beside what it can hold."""

from typing import Any

from flask import Blueprint, Response, flash

from portal.backlog import moves, words
from portal.backlog.listing import list_scope, list_waiting
from portal.backlog.views import iteration_for, seen_by, tell_conflict
from portal.kernel.text import gettext as _
from portal.kernel.text import ngettext
from portal.projects.models import Project
from portal.sprints import timing
from portal.sprints.forms import ScopeForm
from portal.sprints.models import Sprint, SprintState
from portal.sprints.views import ONE, open_sprint, open_to_write
from portal.web.actor import current_actor as actor
from portal.web.forms import CONFLICT, submit
from portal.web.render import render, see, wants_fragment

bp = Blueprint("sprint_scope", __name__, url_prefix="/projects/<slug>/sprints")


@bp.get(f"{ONE}/items")
def page(slug: str, number: int) -> Response:
    project, sprint = open_sprint(slug, number)
    if sprint.state is SprintState.CLOSED:
        return see("sprints.page", slug=slug, number=number)
    timing.require_to_plan(actor, project)
    return _page(project, sprint)


def _page(
    project: Project, sprint: Sprint, status: int = 200, form: ScopeForm | None = None
) -> Response:
    scope = list_scope(sprint.id)
    return render(
        "sprints/scope.html",
        fragment="scope",
        status=status,
        project=project,
        sprint=sprint,
        scope=scope,
        waiting=list_waiting(project.id),
        size=sum(line.points or 0 for line in scope),
        form=form,
        fragment_shown=wants_fragment(),
        words=words,
    )


@bp.post(f"{ONE}/items")
def take(slug: str, number: int) -> Response:
    project, sprint = open_to_write(slug, number)
    form = ScopeForm()

    def act(_values: dict[str, Any]) -> str:
        to = None if form.back.data else iteration_for(project, f"sprint-{sprint.number}")
        moved = moves.move_items(actor, project, seen_by(project, form.handles), to)
        if to is None:
            return _("« %(title)s » est remis au carnet.", title=moved[0].title)
        return ngettext(
            "%(num)s élément pris dans le sprint.",
            "%(num)s éléments pris dans le sprint.",
            len(moved),
        )

    def done(said: str) -> Response:
        flash(said)
        return see(".page", slug=slug, number=number)

    def again(status: int) -> Response:
        if status == CONFLICT:
            form.form_errors = [tell_conflict(actor, project, form.handles)]
        return _page(project, sprint, status, form)

    return submit(form, act, done, again)

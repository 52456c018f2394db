"""The five-minute close, its draft, and the log mended afterwards."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash

from portal.backlog.queries import find_next_planned, list_open_items
from portal.kernel.text import gettext as _
from portal.projects.models import Project
from portal.projects.revisions import Revision
from portal.sprints import commands, queries, timing
from portal.sprints.forms import AnyLog, CloseForm, DraftForm, LogForm, asking_spills
from portal.sprints.models import Sprint, SprintState
from portal.sprints.views import ONE, open_sprint, open_to_write
from portal.web.actor import current_actor as actor
from portal.web.forms import Form, submit
from portal.web.render import render, see

bp = Blueprint("sprint_log", __name__, url_prefix="/projects/<slug>/sprints")


@bp.get(f"{ONE}/close")
def close_page(slug: str, number: int) -> Response:
    project, sprint = open_sprint(slug, number)
    if sprint.state is SprintState.CLOSED:
        return see("sprints.page", slug=slug, number=number)
    timing.require_to_close(actor, project, sprint)
    return _close(project, sprint, _prefilled(project, sprint))


def _asking(form: type[AnyLog], project: Project, sprint: Sprint) -> type[AnyLog]:
    """The form with what is still open in the sprint, and where it may go."""
    following = find_next_planned(project)
    return asking_spills(form, list_open_items(sprint.id), following.number if following else None)


def _prefilled(project: Project, sprint: Sprint) -> CloseForm:
    """The draft where there is one, else what rarely changes from one sprint to the next."""
    last = queries.find_last_closed(project)
    form = _asking(CloseForm, project, sprint)
    if sprint.drafted_at or last is None:
        return form(formdata=None, obj=sprint)
    return form(formdata=None, version=sprint.version, data=CloseForm.from_last(last))


@bp.post(f"{ONE}/close")
def close(slug: str, number: int) -> Response:
    project, sprint = open_to_write(slug, number)
    form = _asking(CloseForm, project, sprint)()
    form.read_answers(queries.find_last_closed(project))

    def act(values: dict[str, Any]) -> None:
        log, spills = form.log(), form.spills()
        commands.close_sprint(actor, project, sprint, log, values["version"], spills=spills)

    def done(_made: None) -> Response:
        flash(_("Le sprint %(number)s est clos. Merci.", number=number))
        return see("sprints.page", slug=slug, number=number)

    return submit(form, act, done, _again(project, sprint, form), stored=sprint)


@bp.post(f"{ONE}/draft")
def draft(slug: str, number: int) -> Response:
    project, sprint = open_to_write(slug, number)
    form = _asking(DraftForm, project, sprint)()

    def act(values: dict[str, Any]) -> None:
        log, spills = form.log(), form.spills()
        commands.save_draft(actor, project, sprint, log, values["version"], spills=spills)

    def done(_made: None) -> Response:
        flash(_("Brouillon enregistré. Seule l’équipe le voit."))
        return see(".close_page", slug=slug, number=number)

    return submit(form, act, done, _again(project, sprint, form), stored=sprint)


def _again(project: Project, sprint: Sprint, form: Form) -> Callable[[int], Response]:
    """The form that was refused; once a colleague has closed the sprint, as an edit of its log."""

    def again(status: int) -> Response:
        if sprint.state is not SprintState.CLOSED:
            return _close(project, sprint, form, status)
        closes = (one for one in queries.list_revisions(sprint) if one.action == "sprint.closed")
        return _log(project, sprint, form, status, overtaken_by=next(closes, None))

    return again


def _close(project: Project, sprint: Sprint, form: Form, status: int = 200) -> Response:
    return render(
        "sprints/close.html",
        fragment="form",
        status=status,
        project=project,
        sprint=sprint,
        form=form,
        last=queries.find_last_closed(project),
    )


@bp.get(f"{ONE}/log")
def log_page(slug: str, number: int) -> Response:
    project, sprint = open_sprint(slug, number)
    timing.require_to_edit_log(actor, project, sprint)
    return _log(project, sprint, LogForm(formdata=None, obj=sprint))


@bp.post(f"{ONE}/log")
def edit_log(slug: str, number: int) -> Response:
    project, sprint = open_to_write(slug, number)
    form = LogForm()

    def act(values: dict[str, Any]) -> None:
        commands.edit_log(actor, project, sprint, form.log(), values["version"])

    def done(_made: None) -> Response:
        flash(_("Journal enregistré. L’historique garde ce qu’il disait avant."))
        return see("sprints.page", slug=slug, number=number)

    return submit(
        form, act, done, lambda status: _log(project, sprint, form, status), stored=sprint
    )


def _log(
    project: Project,
    sprint: Sprint,
    form: Form,
    status: int = 200,
    overtaken_by: Revision | None = None,
) -> Response:
    return render(
        "sprints/log.html",
        fragment="form",
        status=status,
        project=project,
        sprint=sprint,
        form=form,
        overtaken_by=overtaken_by,
        closed_by_me=overtaken_by is not None and overtaken_by.by == actor.person_id,
    )

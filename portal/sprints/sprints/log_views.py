"""The log of a sprint: the close, its draft, and corrections afterwards."""

from flask import Blueprint, Response, url_for

from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form
from portal.platform.web.form_page import make_form
from portal.platform.web.rendering import redirect_to, render
from portal.platform.web.writes import write
from portal.project.projects.models import Project
from portal.project.projects.revision_queries import AuditRevision
from portal.project.projects.workspace_views import open_row, open_row_to_submit, open_row_to_write
from portal.sprints.backlog.queries import find_next_planned_iteration, list_open_items
from portal.sprints.sprints import commands, queries, timing_commands
from portal.sprints.sprints.forms import CloseSprintForm, DraftForm, LogForm, LogFormT, with_spill_fields
from portal.sprints.sprints.models import Sprint, SprintState
from portal.sprints.sprints.views import SPRINT_PATH

bp = Blueprint("sprint_log", __name__, url_prefix="/projects/<slug>/sprints")


@bp.get(f"{SPRINT_PATH}/close")
def close_page(slug: str, number: int) -> Response:
    project, sprint = open_row(slug, number, queries.get_sprint)
    if sprint.state is SprintState.CLOSED:
        return redirect_to("sprints.page", slug=slug, number=number)
    timing_commands.require_to_close(actor, project, sprint)
    return _render_close(project, sprint, _prefilled_form(project, sprint))


def _form_with_spills(form: type[LogFormT], project: Project, sprint: Sprint) -> type[LogFormT]:
    """The form with a field for each open item of the sprint."""
    following = find_next_planned_iteration(project)
    return with_spill_fields(form, list_open_items(sprint.id), following.number if following else None)


def _prefilled_form(project: Project, sprint: Sprint) -> CloseSprintForm:
    """Filled from the draft, or else from the last log."""
    last = queries.find_last_closed_sprint(project)
    form = _form_with_spills(CloseSprintForm, project, sprint)
    if sprint.drafted_at or last is None:
        return form(formdata=None, obj=sprint)
    return form(formdata=None, version=sprint.version, data=CloseSprintForm.prefill_values(last))


@bp.post(f"{SPRINT_PATH}/close")
def close(slug: str, number: int) -> Response:
    project, sprint = open_row_to_write(slug, number, queries.get_sprint)
    form = _form_with_spills(CloseSprintForm, project, sprint)()
    form.clear_untouched_prefills(queries.find_last_closed_sprint(project))
    return write(
        form,
        lambda values: commands.close_sprint(
            actor, project, sprint, form.log(), values["version"], spills=form.spills()
        ),
        message=_("Le sprint %(number)s est clos. Merci.", number=number),
        to=url_for("sprints.page", slug=slug, number=number),
        page=lambda status: _render_refused(project, sprint, form, status),
        stored=sprint,
    )


@bp.post(f"{SPRINT_PATH}/draft")
def draft(slug: str, number: int) -> Response:
    project, sprint = open_row_to_write(slug, number, queries.get_sprint)
    form = _form_with_spills(DraftForm, project, sprint)()
    return write(
        form,
        lambda values: commands.save_draft(
            actor, project, sprint, form.log(), values["version"], spills=form.spills()
        ),
        message=_("Brouillon enregistré. Seule l’équipe le voit."),
        to=url_for(".close_page", slug=slug, number=number),
        page=lambda status: _render_refused(project, sprint, form, status),
        stored=sprint,
    )


def _render_refused(project: Project, sprint: Sprint, form: Form, status: int) -> Response:
    """The refused form; once a colleague has closed the sprint, as an edit of its log."""
    if sprint.state is not SprintState.CLOSED:
        return _render_close(project, sprint, form, status)
    return _render_log(project, sprint, form, status, overtaken_by=queries.find_close(sprint))


def _render_close(project: Project, sprint: Sprint, form: Form, status: int = 200) -> Response:
    return render(
        "sprints/sprints/close.html",
        fragment="form",
        status=status,
        project=project,
        sprint=sprint,
        form=form,
        last=queries.find_last_closed_sprint(project),
    )


@bp.get(f"{SPRINT_PATH}/log", endpoint="log_page")
@bp.post(f"{SPRINT_PATH}/log")
def edit_log(slug: str, number: int) -> Response:
    project, sprint = open_row_to_submit(
        slug, number, queries.get_sprint, timing_commands.require_to_edit_log
    )
    form = make_form(LogForm, obj=sprint)
    return write(
        form,
        lambda values: commands.edit_log(actor, project, sprint, form.log(), values["version"]),
        message=_("Journal enregistré. L’historique garde ce qu’il disait avant."),
        to=url_for("sprints.page", slug=slug, number=number),
        page=lambda status: _render_log(project, sprint, form, status),
        stored=sprint,
    )


def _render_log(
    project: Project, sprint: Sprint, form: Form, status: int = 200, overtaken_by: AuditRevision | None = None
) -> Response:
    return render(
        "sprints/sprints/log.html",
        fragment="form",
        status=status,
        project=project,
        sprint=sprint,
        form=form,
        overtaken_by=overtaken_by,
        closed_by_me=overtaken_by is not None and overtaken_by.by == actor.person_id,
    )

"""Coaches' notes on a project. To whoever may not read them, none of these pages is there."""

from typing import Any

from flask import Blueprint, Response, flash, request, url_for

from portal.coaching.coach_notes import commands, policy, queries
from portal.coaching.coach_notes.forms import NewNoteForm, NoteDeleteForm, NoteForm
from portal.coaching.coach_notes.models import CoachNote
from portal.platform.kernel.access import require
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import gettext as _
from portal.platform.web import confirmation
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import submit
from portal.platform.web.confirmation import ConfirmationQuestion
from portal.platform.web.form_page import FormPage, answer_form, make_form, requested_page
from portal.platform.web.rendering import redirect_to
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project
from portal.project.projects.workspace_views import Trail, build_trail, show_list

bp = Blueprint("coach_notes", __name__, url_prefix="/projects/<slug>/coach-notes")
NOTE_RULE = "/<int(max=9999):number>"


def _open(slug: str) -> Project:
    """Raises `NotFound` for whoever may not read them, also for who reads the project."""
    project = get_project(actor, slug)
    if not policy.can_read(actor, project):
        raise NotFound
    return project


@bp.get("")
def index(slug: str) -> Response:
    project = _open(slug)
    notes = queries.list_notes(actor, project, requested_page())
    return show_list(
        "coaching/coach_notes/index.html",
        project,
        found=notes,
        can_advise=True,
        can_edit={
            entry.note.id: policy.can_edit(actor, project, entry.note) for entry in notes.rows
        },
        can_delete={
            entry.note.id: policy.can_delete(actor, project, entry.note) for entry in notes.rows
        },
    )


def _trail(project: Project) -> Trail:
    return build_trail(project, (_("Notes de coachs"), url_for(".index", slug=project.slug)))


@bp.route("/new", methods=["GET", "POST"])
def add(slug: str) -> Response:
    project = _open(slug)
    form_page = FormPage(
        title=_("Écrire une note de coach"),
        trail=_trail(project),
        step=_("Écrire une note"),
        yes=_("Garder la note"),
    )

    def act(values: dict[str, Any]) -> CoachNote:
        return commands.write_note(actor, project, values["body"])

    return answer_form(form_page, make_form(NewNoteForm), act, _("Note gardée."))


@bp.route(f"{NOTE_RULE}/edit", methods=["GET", "POST"])
def edit(slug: str, number: int) -> Response:
    project = _open(slug)
    note = queries.get_note(actor, project, number)
    require(policy.can_edit(actor, project, note), commands.author_only_message())
    form_page = FormPage(title=_("Modifier une note"), trail=_trail(project), step=_("Modifier"))

    def act(values: dict[str, Any]) -> None:
        commands.edit_note(actor, project, note, values["body"], values["version"])

    return answer_form(
        form_page, make_form(NoteForm, obj=note), act, _("Note gardée."), stored=note
    )


@bp.route(f"{NOTE_RULE}/delete", methods=["GET", "POST"])
def delete(slug: str, number: int) -> Response:
    project = _open(slug)
    note = queries.get_note(actor, project, number)
    require(policy.can_delete(actor, project, note), commands.author_only_message())
    form = NoteDeleteForm(formdata=None) if request.method in SAFE_METHODS else NoteDeleteForm()
    question = ConfirmationQuestion(
        title=_("Supprimer cette note ?"),
        means=(_("Son texte est perdu pour tout le monde, et ne revient pas."),),
        yes=_("Supprimer"),
        no=_("La garder"),
        step=_("Supprimer"),
        place=_("Notes de coachs"),
        back=url_for(".index", slug=slug),
    )

    def act(_values: dict[str, Any]) -> None:
        commands.delete_note(actor, project, note)

    def on_success(_result: None) -> Response:
        flash(_("Note supprimée."))
        return redirect_to(".index", slug=slug)

    def again(status: int = 200) -> Response:
        return confirmation.ask_confirmation(question, form, status)

    return again() if request.method in SAFE_METHODS else submit(form, act, on_success, again)

"""Coaches' notes on a project. To whoever may not read them, none of these pages is there."""

from typing import Any

from flask import Blueprint, Response, flash, request, url_for

from portal.coach_notes import commands, policy, queries
from portal.coach_notes.forms import ConfirmForm, NewNoteForm, NoteForm
from portal.coach_notes.models import CoachNote
from portal.kernel.access import require
from portal.kernel.engines import SAFE_METHODS
from portal.kernel.errors import NotFound
from portal.kernel.text import gettext as _
from portal.projects.models import Project
from portal.projects.queries import get_project
from portal.projects.workplace import Trail, show_list, trail
from portal.web import confirm
from portal.web.actor import current_actor as actor
from portal.web.confirm import Question
from portal.web.formpage import FormPage, ask, asked_page, fresh
from portal.web.forms import submit
from portal.web.render import see

bp = Blueprint("coach_notes", __name__, url_prefix="/projects/<slug>/coach-notes")
ONE = "/<int(max=9999):number>"


def _open(slug: str) -> Project:
    """Raises `NotFound` for whoever may not read them, also for who reads the project."""
    project = get_project(actor, slug)
    if not policy.can_read(actor, project):
        raise NotFound
    return project


@bp.get("")
def index(slug: str) -> Response:
    project = _open(slug)
    found = queries.list_notes(actor, project, asked_page())
    return show_list(
        "coach_notes/index.html",
        project,
        found=found,
        can_advise=True,
        can_edit={one.note.id: policy.can_edit(actor, project, one.note) for one in found.rows},
        can_delete={one.note.id: policy.can_delete(actor, project, one.note) for one in found.rows},
    )


def _trail(project: Project) -> Trail:
    return trail(project, (_("Notes de coachs"), url_for(".index", slug=project.slug)))


@bp.route("/new", methods=["GET", "POST"])
def add(slug: str) -> Response:
    project = _open(slug)
    asked = FormPage(
        title=_("Écrire une note de coach"),
        trail=_trail(project),
        step=_("Écrire une note"),
        yes=_("Garder la note"),
    )

    def act(values: dict[str, Any]) -> CoachNote:
        return commands.write_note(actor, project, values["body"])

    return ask(asked, fresh(NewNoteForm), act, _("Note gardée."))


@bp.route(f"{ONE}/edit", methods=["GET", "POST"])
def edit(slug: str, number: int) -> Response:
    project = _open(slug)
    note = queries.get_note(actor, project, number)
    require(policy.can_edit(actor, project, note), commands.only_own())
    asked = FormPage(title=_("Modifier une note"), trail=_trail(project), step=_("Modifier"))

    def act(values: dict[str, Any]) -> None:
        commands.edit_note(actor, project, note, values["body"], values["version"])

    return ask(asked, fresh(NoteForm, obj=note), act, _("Note gardée."), stored=note)


@bp.route(f"{ONE}/delete", methods=["GET", "POST"])
def delete(slug: str, number: int) -> Response:
    project = _open(slug)
    note = queries.get_note(actor, project, number)
    require(policy.can_delete(actor, project, note), commands.only_own())
    form = ConfirmForm(formdata=None) if request.method in SAFE_METHODS else ConfirmForm()
    question = Question(
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

    def done(_made: None) -> Response:
        flash(_("Note supprimée."))
        return see(".index", slug=slug)

    def again(status: int = 200) -> Response:
        return confirm.ask(question, form, status)

    return again() if request.method in SAFE_METHODS else submit(form, act, done, again)

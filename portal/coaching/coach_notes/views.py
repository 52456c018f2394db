"""Pages of coaches' notes on a project; they answer 404 to whoever may not read notes."""

from flask import Blueprint, Response, url_for

from portal.coaching.coach_notes import commands, policy, queries
from portal.coaching.coach_notes.forms import DeleteNoteForm, EditNoteForm, NewNoteForm
from portal.platform.kernel.access import require
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.confirmation import ConfirmationQuestion
from portal.platform.web.form_page import FormPage, make_form
from portal.platform.web.writes import write_confirmed, write_page
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project
from portal.project.projects.row_page_views import read_requested_page
from portal.project.projects.workspace_views import Trail, render_row_list, section_trail

bp = Blueprint("coach_notes", __name__, url_prefix="/projects/<slug>/coach-notes")
NOTE_RULE = "/<int(max=9999):number>"


def _open_project_to_read_notes(slug: str) -> Project:
    """Raises `NotFound` when the actor may not read notes, even if they read the project."""
    project = get_project(actor, slug)
    if not policy.can_read(actor, project):
        raise NotFound
    return project


@bp.get("")
def index(slug: str) -> Response:
    project = _open_project_to_read_notes(slug)
    notes = queries.read_notes_page(actor, project, read_requested_page())
    listed = [entry.note for entry in notes.rows]
    requests = [note for note in listed if note.hand_over_requested_at is not None]
    waiting = queries.map_waiting_requests(project) if requests else {}
    answerable = waiting.values() if policy.can_answer_hand_over(actor, project) else ()
    return render_row_list(
        "coaching/coach_notes/index.html",
        project,
        notes=notes,
        can_advise=True,
        can_edit={note.id: policy.can_change_text(actor, project, note) for note in listed},
        can_delete={note.id: policy.can_delete(actor, project, note) for note in listed},
        waiting_ids=set(waiting),
        granted_ids=queries.list_granted_request_ids(project, requests),
        hand_overs=queries.map_first_assignment_ids(list(answerable)),
        waits_to_be_decided=not project.is_over,
    )


def _build_notes_trail(project: Project) -> Trail:
    return section_trail(project, _("Notes de coachs"), ".index")


@bp.route("/new", methods=["GET", "POST"])
def add(slug: str) -> Response:
    project = _open_project_to_read_notes(slug)
    return write_page(
        FormPage(
            title=_("Écrire une note de coach"),
            trail=_build_notes_trail(project),
            step=_("Écrire une note"),
            yes=_("Garder la note"),
        ),
        make_form(NewNoteForm),
        lambda values: commands.write_note(actor, project, values["body"]),
        message=_("Note gardée."),
    )


@bp.route(f"{NOTE_RULE}/edit", methods=["GET", "POST"])
def edit(slug: str, number: int) -> Response:
    project = _open_project_to_read_notes(slug)
    note = queries.get_note(actor, project, number)
    require(policy.can_edit(actor, project, note), commands.AUTHOR_ONLY)
    form_page = FormPage(title=_("Modifier une note"), trail=_build_notes_trail(project), step=_("Modifier"))

    return write_page(
        form_page,
        make_form(EditNoteForm, obj=note),
        lambda values: commands.edit_note(actor, project, note, values["body"], values["version"]),
        message=_("Note gardée."),
        stored=note,
    )


@bp.route(f"{NOTE_RULE}/delete", methods=["GET", "POST"])
def delete(slug: str, number: int) -> Response:
    project = _open_project_to_read_notes(slug)
    note = queries.get_note(actor, project, number)
    require(policy.can_delete(actor, project, note), commands.AUTHOR_ONLY)
    is_waiting = note.id in queries.map_waiting_requests(project)
    withdrawal = _("La demande de passer la main qu’elle porte est retirée : l’équipe n’est pas confiée.")
    question = ConfirmationQuestion(
        title=_("Supprimer cette note ?"),
        means=(
            _("Son texte est perdu pour tout le monde, et ne revient pas."),
            *((withdrawal,) if is_waiting else ()),
        ),
        yes=_("Supprimer"),
        no=_("La garder"),
        step=_("Supprimer"),
        place=_("Notes de coachs"),
        back=url_for(".index", slug=slug),
    )

    return write_confirmed(
        question,
        make_form(DeleteNoteForm),
        lambda: commands.delete_note(actor, project, note),
        message=_("Note supprimée, et la demande de passation retirée.")
        if is_waiting
        else _("Note supprimée."),
    )

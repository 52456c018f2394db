"""Tasks of a round: forms to add and change, buttons to move and remove."""

from flask import Blueprint, Response, request

from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import CreateForm
from portal.platform.web.confirmation import ConfirmationQuestion, ask_confirmation
from portal.platform.web.form_page import FormPage, make_form
from portal.platform.web.writes import refusal_text_of, write, write_page
from portal.project.projects.models import Project
from portal.project.projects.workspace_views import load_project_and_row_to_write
from portal.user_tests.rounds import commands, queries, task_commands
from portal.user_tests.rounds.forms import EditTaskForm, NewTaskForm, TaskMoveForm
from portal.user_tests.rounds.models import TestRound
from portal.user_tests.rounds.page_views import build_round_url, trail_to_round
from portal.user_tests.rounds.views import show_round

bp = Blueprint("test_tasks", __name__, url_prefix="/projects/<slug>/tests/<int(max=9999):number>/tasks")
TASK_PATH = "/<int(max=999):task>"


@bp.route("/new", methods=["GET", "POST"])
def add(slug: str, number: int) -> Response:
    project, round_ = _open_round_to_write(slug, number)
    form_page = _build_task_form_page(project, round_, _("Ajouter une tâche"), _("Ajouter la tâche"))
    form = make_form(NewTaskForm, is_primary=not queries.list_tasks(round_))

    return write_page(
        form_page,
        form,
        lambda _values: task_commands.add_task(actor, project, round_, form.text()),
        message=lambda new_task: _("Tâche T%(n)s ajoutée.", n=new_task.number),
        to=lambda new_task: f"{build_round_url(project, round_)}#task-{new_task.number}",
    )


@bp.route(f"{TASK_PATH}/edit", methods=["GET", "POST"])
def change(slug: str, number: int, task: int) -> Response:
    project, round_ = _open_round_to_write(slug, number)
    test_task = queries.get_task(round_, task)
    form_page = _build_task_form_page(project, round_, _("Modifier la tâche T%(n)s", n=task))
    form = make_form(EditTaskForm, obj=test_task)

    return write_page(
        form_page,
        form,
        lambda values: task_commands.change_task(
            actor, project, round_, test_task, form.text(), expected_version=values["version"]
        ),
        message=_("Tâche enregistrée."),
        to=_build_tasks_url(project, round_),
        stored=test_task,
    )


@bp.post(f"{TASK_PATH}/move")
def move(slug: str, number: int, task: int) -> Response:
    project, round_ = load_project_and_row_to_write(slug, number, queries.get_round)
    test_task = queries.get_task(round_, task)
    form = TaskMoveForm()

    return write(
        form,
        lambda _values: task_commands.move_task(actor, project, round_, test_task, form.to.data),
        message="",
        to=_build_tasks_url(project, round_),
        page=lambda status: show_round(project, number, status, refusal_text_of(form)),
    )


@bp.route(f"{TASK_PATH}/remove", methods=["GET", "POST"])
def remove(slug: str, number: int, task: int) -> Response:
    project, round_ = _open_round_to_write(slug, number)
    test_task = queries.get_task(round_, task)
    form = make_form(CreateForm)
    question = ConfirmationQuestion(
        title=_("Supprimer la tâche T%(n)s ?", n=task),
        lead=test_task.title,
        means=(_("Son énoncé et son critère de réussite sont perdus ; personne ne l’a essayée."),),
        yes=_("Retirer"),
        no=_("La garder"),
        step=_("Supprimer une tâche"),
        place=_("Série %(n)s", n=number),
        back=_build_tasks_url(project, round_),
    )

    return write(
        form,
        lambda _values: task_commands.remove_task(actor, project, round_, test_task),
        message=_("Tâche retirée."),
        to=_build_tasks_url(project, round_),
        page=lambda status: ask_confirmation(question, form, status),
    )


def _is_safe_request() -> bool:
    return request.method in SAFE_METHODS


def _open_round_to_write(slug: str, number: int) -> tuple[Project, TestRound]:
    """Open a round to write. A GET is refused once its tasks are frozen; a POST keeps what was
    typed."""
    project, round_ = load_project_and_row_to_write(slug, number, queries.get_round)
    if _is_safe_request():
        commands.require_tasks_editable(actor, project, round_)
    return project, round_


def _build_tasks_url(project: Project, round_: TestRound) -> str:
    return f"{build_round_url(project, round_)}#tasks"


def _build_task_form_page(project: Project, round_: TestRound, title: str, yes: str = "") -> FormPage:
    return FormPage(
        title=title,
        trail=trail_to_round(project, round_),
        step=_("Tâche"),
        yes=yes,
        folded=("knowingly",),
        advice=(
            _("Donnez un but de la vie réelle : « Cette lettre attend une réponse. Trouvez-la. »"),
            _("N’écrivez pas les mots de l’écran : ils souffleraient la réponse."),
            _("Fixez ce qui est réussi avant de regarder qui que ce soit."),
        ),
    )

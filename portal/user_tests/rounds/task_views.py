"""The tasks of a round, on forms of their own and by the buttons of the round's page."""

from typing import Any

from flask import Blueprint, Response, flash, request, url_for

from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import submit
from portal.platform.web.confirmation import ConfirmationQuestion
from portal.platform.web.confirmation import ask_confirmation as ask_first
from portal.platform.web.form_page import FormPage, answer_form, make_form
from portal.platform.web.rendering import redirect_to_path
from portal.project.projects.models import Project
from portal.project.projects.workspace_views import get_writable_project
from portal.user_tests.rounds import commands, queries
from portal.user_tests.rounds import task_commands as tasks
from portal.user_tests.rounds.forms import NewTaskForm, TaskForm, TaskMoveForm, TaskRemovalForm
from portal.user_tests.rounds.models import TestRound, TestTask
from portal.user_tests.rounds.views import round_trail, show_round

bp = Blueprint(
    "test_tasks", __name__, url_prefix="/projects/<slug>/tests/<int(max=9999):number>/tasks"
)
TASK_PATH = "/<int(max=999):task>"


@bp.route("/new", methods=["GET", "POST"])
def add(slug: str, number: int) -> Response:
    project, row = _open(slug, number)
    form_page = _form_page(project, row, _("Ajouter une tâche"), _("Ajouter la tâche"))
    form = make_form(NewTaskForm, is_primary=not queries.list_tasks(row))

    def act(_values: dict[str, Any]) -> TestTask:
        return tasks.add_task(actor, project, row, form.text())

    def on_success(new_task: TestTask) -> tuple[str, str]:
        return _("Tâche T%(n)s ajoutée.", n=new_task.number), _tasks_url(project, row)

    return answer_form(form_page, form, act, on_success)


@bp.route(f"{TASK_PATH}/edit", methods=["GET", "POST"])
def change(slug: str, number: int, task: int) -> Response:
    project, row = _open(slug, number)
    test_task = queries.get_task(row, task)
    form_page = _form_page(project, row, _("Modifier la tâche T%(n)s", n=task))
    form = make_form(TaskForm, obj=test_task)

    def act(values: dict[str, Any]) -> None:
        tasks.change_task(
            actor, project, row, test_task, form.text(), expected_version=values["version"]
        )

    def on_success(_result: None) -> tuple[str, str]:
        return _("Tâche enregistrée."), _tasks_url(project, row)

    return answer_form(form_page, form, act, on_success, stored=test_task)


@bp.post(f"{TASK_PATH}/move")
def move(slug: str, number: int, task: int) -> Response:
    project = get_writable_project(slug)
    row = queries.get_round(actor, project, number)
    test_task = queries.get_task(row, task)
    form = TaskMoveForm()

    def act(_values: dict[str, Any]) -> None:
        tasks.move_task(actor, project, row, test_task, form.to.data)

    def on_success(_result: None) -> Response:
        return redirect_to_path(_tasks_url(project, row))

    def again(status: int) -> Response:
        faults = [str(error) for field in form for error in field.errors]
        return show_round(project, number, status, form.refused_because or " ".join(faults))

    return submit(form, act, on_success, again)


@bp.route(f"{TASK_PATH}/remove", methods=["GET", "POST"])
def remove(slug: str, number: int, task: int) -> Response:
    project, row = _open(slug, number)
    test_task = queries.get_task(row, task)
    form = make_form(TaskRemovalForm)
    title = _("Retirer la tâche T%(n)s ?", n=task)
    question = ConfirmationQuestion(
        title=title,
        lead=test_task.title,
        means=(_("Son énoncé et son critère de réussite sont perdus ; personne ne l’a essayée."),),
        yes=_("Retirer"),
        no=_("La garder"),
        step=_("Retirer une tâche"),
        place=_("Série %(n)s", n=number),
        back=_tasks_url(project, row),
    )

    def again(status: int = 200) -> Response:
        return ask_first(question, form, status)

    def act(_values: dict[str, Any]) -> None:
        tasks.remove_task(actor, project, row, test_task)

    def on_success(_result: None) -> Response:
        flash(_("Tâche retirée."))
        return redirect_to_path(_tasks_url(project, row))

    return again() if _is_reading() else submit(form, act, on_success, again)


def _is_reading() -> bool:
    return request.method in SAFE_METHODS


def _open(slug: str, number: int) -> tuple[Project, TestRound]:
    """A page that asks is refused once tasks hold still; what was typed comes back."""
    project = get_writable_project(slug)
    row = queries.get_round(actor, project, number)
    if _is_reading():
        commands.require_tasks_editable(actor, project, row)
    return project, row


def _tasks_url(project: Project, row: TestRound) -> str:
    return f"{url_for('rounds.page', slug=project.slug, number=row.number)}#tasks"


def _form_page(project: Project, row: TestRound, title: str, yes: str = "") -> FormPage:
    return FormPage(
        title=title,
        trail=round_trail(project, row),
        step=_("Tâche"),
        yes=yes,
        folded=("knowingly",),
        advice=(
            _("Donnez un but de la vie réelle : « Cette lettre attend une réponse. Trouvez-la. »"),
            _("N’écrivez pas les mots de l’écran : ils souffleraient la réponse."),
            _("Fixez ce qui est réussi avant de regarder qui que ce soit."),
        ),
    )

"""The tasks of a round, on forms of their own and by the buttons of the round's page."""

from typing import Any

from flask import Blueprint, Response, flash, request, url_for

from portal.kernel.engines import SAFE_METHODS
from portal.kernel.text import gettext as _
from portal.projects.models import Project
from portal.projects.workplace import open_to_write
from portal.user_tests import commands, queries
from portal.user_tests import task_commands as tasks
from portal.user_tests.forms import MoveForm, NewTaskForm, RemoveForm, TaskForm
from portal.user_tests.models import TestRound, TestTask
from portal.user_tests.views import show, trail_to
from portal.web.actor import current_actor as actor
from portal.web.confirm import Question
from portal.web.confirm import ask as ask_first
from portal.web.formpage import FormPage, ask, fresh
from portal.web.forms import submit
from portal.web.render import see_path

bp = Blueprint(
    "test_tasks", __name__, url_prefix="/projects/<slug>/tests/<int(max=9999):number>/tasks"
)
ONE = "/<int(max=999):task>"


@bp.route("/new", methods=["GET", "POST"])
def add(slug: str, number: int) -> Response:
    project, row = _open(slug, number)
    asked = _form_page(project, row, _("Ajouter une tâche"), _("Ajouter la tâche"))
    form = fresh(NewTaskForm, is_primary=not queries.list_tasks(row))

    def act(_values: dict[str, Any]) -> TestTask:
        return tasks.add_task(actor, project, row, form.text())

    def done(made: TestTask) -> tuple[str, str]:
        return _("Tâche T%(n)s ajoutée.", n=made.number), _place(project, row)

    return ask(asked, form, act, done)


@bp.route(f"{ONE}/edit", methods=["GET", "POST"])
def change(slug: str, number: int, task: int) -> Response:
    project, row = _open(slug, number)
    one = queries.get_task(row, task)
    asked = _form_page(project, row, _("Modifier la tâche T%(n)s", n=task))
    form = fresh(TaskForm, obj=one)

    def act(values: dict[str, Any]) -> None:
        tasks.change_task(actor, project, row, one, form.text(), seen=values["version"])

    def done(_made: None) -> tuple[str, str]:
        return _("Tâche enregistrée."), _place(project, row)

    return ask(asked, form, act, done, stored=one)


@bp.post(f"{ONE}/move")
def move(slug: str, number: int, task: int) -> Response:
    project = open_to_write(slug)
    row = queries.get_round(actor, project, number)
    one = queries.get_task(row, task)
    form = MoveForm()

    def act(_values: dict[str, Any]) -> None:
        tasks.move_task(actor, project, row, one, form.to.data)

    def done(_made: None) -> Response:
        return see_path(_place(project, row))

    def again(status: int) -> Response:
        faults = [str(error) for field in form for error in field.errors]
        return show(project, number, status, form.refused_because or " ".join(faults))

    return submit(form, act, done, again)


@bp.route(f"{ONE}/remove", methods=["GET", "POST"])
def remove(slug: str, number: int, task: int) -> Response:
    project, row = _open(slug, number)
    one = queries.get_task(row, task)
    form = fresh(RemoveForm)
    title = _("Retirer la tâche T%(n)s ?", n=task)
    question = Question(
        title=title,
        lead=one.title,
        means=(_("Son énoncé et son critère de réussite sont perdus ; personne ne l’a essayée."),),
        yes=_("Retirer"),
        no=_("La garder"),
        step=_("Retirer une tâche"),
        place=_("Série %(n)s", n=number),
        back=_place(project, row),
    )

    def again(status: int = 200) -> Response:
        return ask_first(question, form, status)

    def act(_values: dict[str, Any]) -> None:
        tasks.remove_task(actor, project, row, one)

    def done(_made: None) -> Response:
        flash(_("Tâche retirée."))
        return see_path(_place(project, row))

    return again() if _asks() else submit(form, act, done, again)


def _asks() -> bool:
    return request.method in SAFE_METHODS


def _open(slug: str, number: int) -> tuple[Project, TestRound]:
    """A page that asks is refused once tasks hold still; what was typed comes back."""
    project = open_to_write(slug)
    row = queries.get_round(actor, project, number)
    if _asks():
        commands.require_still(actor, project, row)
    return project, row


def _place(project: Project, row: TestRound) -> str:
    return f"{url_for('rounds.page', slug=project.slug, number=row.number)}#tasks"


def _form_page(project: Project, row: TestRound, title: str, yes: str = "") -> FormPage:
    return FormPage(
        title=title,
        trail=trail_to(project, row),
        step=_("Tâche"),
        yes=yes,
        folded=("knowingly",),
        advice=(
            _("Donnez un but de la vie réelle : « Cette lettre attend une réponse. Trouvez-la. »"),
            _("N’écrivez pas les mots de l’écran : ils souffleraient la réponse."),
            _("Fixez ce qui est réussi avant de regarder qui que ce soit."),
        ),
    )

"""The triggers of a project: their list, and the one screen on which each is answered."""

from typing import Any

from flask import Blueprint, Response, flash, url_for

from portal.kernel.text import gettext as _
from portal.projects.models import Project
from portal.projects.queries import get_project
from portal.projects.workplace import show_list, trail
from portal.rereviews import commands, policy, queries, words
from portal.rereviews.forms import AnswerForm, ConfirmForm, ReturnForm
from portal.rereviews.models import Answer, Trigger
from portal.rereviews.places import path_of
from portal.web.actor import current_actor as actor
from portal.web.formpage import asked_page
from portal.web.forms import EditForm, submit
from portal.web.render import render, see_path

bp = Blueprint("rereviews", __name__, url_prefix="/projects/<slug>/reviews/triggers")
ONE = "/<int(max=9999):number>"


@bp.get("")
def index(slug: str) -> Response:
    project = get_project(actor, slug)
    found = queries.read_triggers(actor, project, asked_page())
    people = queries.names_beside(found.rows)
    return show_list("rereviews/index.html", project, found=found, people=people, words=words)


@bp.get(ONE)
def page(slug: str, number: int) -> Response:
    return _show(*_find(slug, number))


@bp.post(f"{ONE}/answer")
def answer(slug: str, number: int) -> Response:
    project, trigger = _find(slug, number)
    form = AnswerForm(_answers_to(trigger))

    def act(values: dict[str, Any]) -> None:
        given = commands.Given(values["answer"], values["because"])
        commands.answer(actor, project, trigger, given, values["version"])

    return _act(project, trigger, form, act)


@bp.post(f"{ONE}/confirm")
def confirm(slug: str, number: int) -> Response:
    project, trigger = _find(slug, number)

    def act(values: dict[str, Any]) -> None:
        commands.confirm(actor, project, trigger, values["version"])

    return _act(project, trigger, ConfirmForm(), act)


@bp.post(f"{ONE}/return")
def give_back(slug: str, number: int) -> Response:
    project, trigger = _find(slug, number)

    def act(values: dict[str, Any]) -> None:
        because, seen = values["returned_because"], values["version"]
        commands.give_back(actor, project, trigger, because, seen)

    return _act(project, trigger, ReturnForm(), act)


def _find(slug: str, number: int) -> tuple[Project, Trigger]:
    project = get_project(actor, slug)
    return project, queries.get_trigger(actor, project, number)


def _act(project: Project, trigger: Trigger, form: EditForm, act: Any) -> Response:
    def done(_made: None) -> Response:
        flash(_done(trigger))
        return see_path(path_of(project, trigger.number))

    def again(status: int) -> Response:
        return _show(project, trigger, status, form)

    return submit(form, act, done, again, stored=trigger)


def _done(trigger: Trigger) -> str:
    if trigger.answer is None:
        return _("Réexamen %(n)s renvoyé à l’équipe.", n=trigger.number)
    if trigger.confirmed_at is not None:
        return _("Confirmé, en votre nom : le réexamen %(n)s est traité.", n=trigger.number)
    if trigger.answer is Answer.NO_IMPACT:
        return _("Réponse enregistrée : une deuxième personne la confirmera.")
    return _("Réponse enregistrée : la revue est de nouveau entre les mains de l’équipe.")


def _answers_to(trigger: Trigger) -> list[Answer]:
    """In part only where each of its reviews has a part that is touched."""
    concerned = queries.list_concerned(trigger)
    in_part = all(one.touched(trigger.why) for one in concerned)
    return [one for one in Answer if in_part or one is not Answer.PARTIAL]


def _show(
    project: Project, trigger: Trigger, status: int = 200, form: EditForm | None = None
) -> Response:
    """The page of a trigger; `form` is an answer of the page that was refused."""
    concerned = queries.list_concerned(trigger)
    reviews = [one.review for one in concerned]
    to_answer = policy.can_answer(actor, project, trigger, reviews)
    to_confirm = policy.can_confirm(actor, project, trigger, reviews)
    own = form if isinstance(form, AnswerForm) else None
    back = form if isinstance(form, ReturnForm) else None
    asked = AnswerForm(_answers_to(trigger), formdata=None, obj=trigger) if to_answer else None
    return render(
        "rereviews/page.html",
        fragment="trigger",
        status=status,
        project=project,
        trigger=trigger,
        concerned=concerned,
        names=queries.names_beside([trigger]),
        form=form,
        answer_form=own or asked,
        return_form=back or (ReturnForm(formdata=None, obj=trigger) if to_confirm else None),
        can_confirm=to_confirm,
        trail=trail(
            project,
            (_("Revues éthiques"), url_for("reviews.index", slug=project.slug)),
            (_("Réexamens"), url_for(".index", slug=project.slug)),
        ),
        words=words,
    )

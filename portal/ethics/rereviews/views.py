"""The triggers of a project: their list, and the one screen on which each is answered."""

from typing import Any

from flask import Blueprint, Response, flash, url_for

from portal.ethics.rereviews import commands, labels, policy, queries
from portal.ethics.rereviews.forms import ConfirmNoImpactForm, ReturnAnswerForm, TriggerAnswerForm
from portal.ethics.rereviews.models import Trigger, TriggerAnswer
from portal.ethics.rereviews.path_rules import path_of
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import EditForm, submit
from portal.platform.web.form_page import requested_page
from portal.platform.web.rendering import redirect_to_path, render
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project
from portal.project.projects.workspace_views import build_trail, show_list

bp = Blueprint("rereviews", __name__, url_prefix="/projects/<slug>/reviews/triggers")
TRIGGER_PATH = "/<int(max=9999):number>"


@bp.get("")
def index(slug: str) -> Response:
    project = get_project(actor, slug)
    triggers = queries.read_triggers(actor, project, requested_page())
    people = queries.get_person_names(triggers.rows)
    return show_list(
        "ethics/rereviews/index.html", project, found=triggers, people=people, words=labels
    )


@bp.get(TRIGGER_PATH)
def page(slug: str, number: int) -> Response:
    return _show_trigger(*_get_trigger(slug, number))


@bp.post(f"{TRIGGER_PATH}/answer")
def answer(slug: str, number: int) -> Response:
    project, trigger = _get_trigger(slug, number)
    form = TriggerAnswerForm(_list_possible_answers(trigger))

    def act(values: dict[str, Any]) -> None:
        reply = commands.TriggerReply(values["answer"], values["because"])
        commands.answer_trigger(actor, project, trigger, reply, values["version"])

    return _submit_command(project, trigger, form, act)


@bp.post(f"{TRIGGER_PATH}/confirm")
def confirm(slug: str, number: int) -> Response:
    project, trigger = _get_trigger(slug, number)

    def act(values: dict[str, Any]) -> None:
        commands.confirm_no_impact(actor, project, trigger, values["version"])

    return _submit_command(project, trigger, ConfirmNoImpactForm(), act)


@bp.post(f"{TRIGGER_PATH}/return")
def give_back(slug: str, number: int) -> Response:
    project, trigger = _get_trigger(slug, number)

    def act(values: dict[str, Any]) -> None:
        because, expected_version = values["returned_because"], values["version"]
        commands.return_to_team(actor, project, trigger, because, expected_version)

    return _submit_command(project, trigger, ReturnAnswerForm(), act)


def _get_trigger(slug: str, number: int) -> tuple[Project, Trigger]:
    project = get_project(actor, slug)
    return project, queries.get_trigger(actor, project, number)


def _submit_command(project: Project, trigger: Trigger, form: EditForm, act: Any) -> Response:
    def on_success(_result: None) -> Response:
        flash(_success_message(trigger))
        return redirect_to_path(path_of(project, trigger.number))

    def again(status: int) -> Response:
        return _show_trigger(project, trigger, status, form)

    return submit(form, act, on_success, again, stored=trigger)


def _success_message(trigger: Trigger) -> str:
    if trigger.answer is None:
        return _("Réexamen %(n)s renvoyé à l’équipe.", n=trigger.number)
    if trigger.confirmed_at is not None:
        return _("Confirmé, en votre nom : le réexamen %(n)s est traité.", n=trigger.number)
    if trigger.answer is TriggerAnswer.NO_IMPACT:
        return _("Réponse enregistrée : une deuxième personne la confirmera.")
    return _("Réponse enregistrée : la revue est de nouveau entre les mains de l’équipe.")


def _list_possible_answers(trigger: Trigger) -> list[TriggerAnswer]:
    """In part only where each of its reviews has a part that is touched."""
    concerned = queries.list_concerned(trigger)
    in_part = all(
        concerned_review.list_touched_sections(trigger.typed_causes)
        for concerned_review in concerned
    )
    return [choice for choice in TriggerAnswer if in_part or choice is not TriggerAnswer.PARTIAL]


def _show_trigger(
    project: Project, trigger: Trigger, status: int = 200, form: EditForm | None = None
) -> Response:
    """The page of a trigger; `form` is an answer of the page that was refused."""
    concerned = queries.list_concerned(trigger)
    reviews = [concerned_review.review for concerned_review in concerned]
    to_answer = policy.can_answer(actor, project, trigger, reviews)
    to_confirm = policy.can_confirm(actor, project, trigger, reviews)
    own = form if isinstance(form, TriggerAnswerForm) else None
    back = form if isinstance(form, ReturnAnswerForm) else None
    new_form = (
        TriggerAnswerForm(_list_possible_answers(trigger), formdata=None, obj=trigger)
        if to_answer
        else None
    )
    return render(
        "ethics/rereviews/page.html",
        fragment="trigger",
        status=status,
        project=project,
        trigger=trigger,
        concerned=concerned,
        names=queries.get_person_names([trigger]),
        form=form,
        answer_form=own or new_form,
        return_form=back or (ReturnAnswerForm(formdata=None, obj=trigger) if to_confirm else None),
        can_confirm=to_confirm,
        trail=build_trail(
            project,
            (_("Revues éthiques"), url_for("reviews.index", slug=project.slug)),
            (_("Réexamens"), url_for(".index", slug=project.slug)),
        ),
        words=labels,
    )

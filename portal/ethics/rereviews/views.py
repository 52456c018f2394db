"""The list of a project's triggers, and the page on which each is answered and confirmed."""

from collections.abc import Sequence

from flask import Blueprint, Response, url_for

from portal.ethics.rereviews import commands, labels, policy, queries
from portal.ethics.rereviews.forms import ConfirmHarmlessForm, ReturnAnswerForm, TriggerAnswerForm
from portal.ethics.rereviews.models import Trigger, TriggerAnswer
from portal.ethics.rereviews.queries import ConcernedReview
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import EditForm
from portal.platform.web.form_page import requested_page_number
from portal.platform.web.rendering import render
from portal.platform.web.writes import Command, VersionedButtonForm, write
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import get_by_number
from portal.project.projects.path_rules import row_path
from portal.project.projects.queries import get_project
from portal.project.projects.workspace_views import build_trail, render_row_list

bp = Blueprint("rereviews", __name__, url_prefix="/projects/<slug>/reviews/triggers")
TRIGGER_PATH = "/<int(max=9999):number>"


@bp.get("")
def index(slug: str) -> Response:
    project = get_project(actor, slug)
    triggers = queries.read_triggers_page(actor, project, requested_page_number())
    names = queries.get_person_names(triggers.rows)
    return render_row_list(
        "ethics/rereviews/index.html", project, triggers=triggers, names=names, labels=labels
    )


@bp.get(TRIGGER_PATH)
def page(slug: str, number: int, status: int = 200, form: EditForm | None = None) -> Response:
    """The page of a trigger; `form` is a refused form of it."""
    project, trigger = _get_project_and_trigger(slug, number)
    concerned = queries.list_concerned_reviews(trigger)
    reviews = [concerned_review.review for concerned_review in concerned]
    to_answer = policy.can_answer(actor, project, trigger, reviews)
    to_confirm = policy.can_confirm(actor, project, trigger, reviews)
    answer_form = form if isinstance(form, TriggerAnswerForm) else None
    if answer_form is None and to_answer:
        answers = _list_possible_answers(trigger)
        answer_form = TriggerAnswerForm(answers, formdata=None, obj=trigger)
    return_form = form if isinstance(form, ReturnAnswerForm) else None
    if return_form is None and to_confirm:
        return_form = ReturnAnswerForm(formdata=None, obj=trigger)
    confirm_form = form if isinstance(form, ConfirmHarmlessForm) else None
    if confirm_form is None and to_confirm and trigger.is_about_harm:
        confirm_form = ConfirmHarmlessForm(formdata=None, obj=trigger)
    return render(
        "ethics/rereviews/page.html",
        fragment="trigger",
        status=status,
        project=project,
        trigger=trigger,
        concerned=concerned,
        names=queries.get_person_names([trigger]),
        form=form,
        answer_form=answer_form,
        return_form=return_form,
        told_before=_list_consequences(project, trigger, concerned) if answer_form else (),
        can_confirm=to_confirm,
        confirm_form=confirm_form,
        confirmation_reason=queries.find_confirmation_reason(trigger),
        can_undo=policy.can_undo_confirmation(actor, project, trigger, reviews),
        trail=build_trail(
            project,
            (_("Revues éthiques"), url_for("reviews.index", slug=project.slug)),
            (_("Réexamens"), url_for(".index", slug=project.slug)),
        ),
        labels=labels,
    )


def _list_consequences(project: Project, trigger: Trigger, concerned: Sequence[ConcernedReview]) -> list[str]:
    """Sentences about the possible answers: why one is not offered, and what the others reopen."""
    others = queries.list_other_unanswered_triggers(trigger, [each.review for each in concerned])
    pairs = queries.pair_reviews_to_reopen(project, concerned)
    reopened = [review for _concerned_review, review in pairs]
    sentences = [
        labels.describe_partial_answer(pairs, trigger),
        labels.describe_full_answer(reopened, others),
    ]
    return [sentence for sentence in sentences if sentence]


@bp.post(f"{TRIGGER_PATH}/answer")
def answer(slug: str, number: int) -> Response:
    project, trigger = _get_project_and_trigger(slug, number)
    return _respond_to_trigger_form(
        project,
        trigger,
        TriggerAnswerForm(_list_possible_answers(trigger)),
        lambda values: commands.answer_trigger(
            actor,
            project,
            trigger,
            commands.TriggerReply(values["answer"], values["because"]),
            values["version"],
        ),
    )


@bp.post(f"{TRIGGER_PATH}/confirm")
def confirm(slug: str, number: int) -> Response:
    project, trigger = _get_project_and_trigger(slug, number)
    return _respond_to_trigger_form(
        project,
        trigger,
        ConfirmHarmlessForm() if trigger.is_about_harm else VersionedButtonForm(),
        lambda values: commands.confirm_no_impact(
            actor, project, trigger, values["version"], values.get("confirmed_because", "")
        ),
    )


@bp.post(f"{TRIGGER_PATH}/undo")
def undo(slug: str, number: int) -> Response:
    project, trigger = _get_project_and_trigger(slug, number)
    form = VersionedButtonForm()
    return write(
        form,
        lambda values: commands.undo_confirmation(actor, project, trigger, values["version"]),
        message=_("Confirmation annulée."),
        to=row_path(project, trigger),
        page=lambda status: page(slug, number, status, form),
        stored=trigger,
    )


@bp.post(f"{TRIGGER_PATH}/return")
def give_back(slug: str, number: int) -> Response:
    project, trigger = _get_project_and_trigger(slug, number)
    return _respond_to_trigger_form(
        project,
        trigger,
        ReturnAnswerForm(),
        lambda values: commands.return_trigger_to_team(
            actor, project, trigger, values["returned_because"], values["version"]
        ),
    )


def _get_project_and_trigger(slug: str, number: int) -> tuple[Project, Trigger]:
    project = get_project(actor, slug)
    return project, get_by_number(actor, Trigger, project, number)


def _respond_to_trigger_form(
    project: Project, trigger: Trigger, form: EditForm, command: Command[None]
) -> Response:
    return write(
        form,
        command,
        message=lambda _result: _describe_success(trigger),
        to=row_path(project, trigger),
        page=lambda status: page(project.slug, trigger.number, status, form),
        stored=trigger,
    )


def _describe_success(trigger: Trigger) -> str:
    if trigger.answer is None:
        return _("Réexamen %(n)s renvoyé à l’équipe.", n=trigger.number)
    if trigger.confirmed_at is not None:
        return _("Confirmé, en votre nom : le réexamen %(n)s est traité.", n=trigger.number)
    if trigger.answer is TriggerAnswer.NO_IMPACT:
        return _("Réponse enregistrée : une deuxième personne la confirmera.")
    return ngettext(
        "Réponse enregistrée : la revue est de nouveau entre les mains de l’équipe.",
        "Réponse enregistrée : les %(num)s revues sont de nouveau entre les mains de l’équipe.",
        len(queries.list_concerned_reviews(trigger)),
    )


def _list_possible_answers(trigger: Trigger) -> list[TriggerAnswer]:
    """All answers; `PARTIAL` only when one of the reviews has touched sections."""
    can_be_partial = queries.can_be_reviewed_in_part(queries.list_concerned_reviews(trigger), trigger)
    return [choice for choice in TriggerAnswer if can_be_partial or choice is not TriggerAnswer.PARTIAL]

"""Conditions: drafted by the reviewer, signed with the decision, proved, confirmed."""

from typing import Any

from flask import Blueprint, Response, flash, url_for

from portal.ethics.reviews import (
    condition_commands,
    labels,
    policy,
    reviewer_commands,
    round_queries,
    shared_commands,
)
from portal.ethics.reviews.forms import (
    ConditionForm,
    ConditionProofForm,
    ConfirmConditionForm,
    NewConditionForm,
    ReturnConditionForm,
    ReviewActionForm,
)
from portal.ethics.reviews.models import Review, ReviewCondition
from portal.ethics.reviews.page_views import open_review, trail_of
from portal.people.accounts.queries import names_of
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form, submit
from portal.platform.web.form_page import FormPage, answer_form, make_form
from portal.platform.web.rendering import redirect_to_path, render
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project
from portal.project.projects.workspace_views import attachments_context, get_writable_project

bp = Blueprint("review_conditions", __name__, url_prefix="/projects/<slug>/reviews")
CONDITION_PATH = "/conditions/<int(max=9999):number>"

ConditionAndReview = tuple[ReviewCondition, Review]


@bp.get(CONDITION_PATH)
def page(slug: str, number: int) -> Response:
    return _show_condition(slug, number)


def _show_condition(
    slug: str, number: int, status: int = 200, form: Form | None = None
) -> Response:
    """A condition; `form` is a verb of the page that was refused."""
    project, of = _open_condition(slug, number)
    condition, review = of
    is_draft = condition.decided_at is None
    return render(
        "ethics/reviews/condition.html",
        fragment="condition",
        status=status,
        project=project,
        review=review,
        condition=condition,
        form=form,
        names=names_of([condition.proved_by_id, condition.confirmed_by_id]),
        can_change=is_draft and policy.can_review(actor, project, review),
        can_prove=policy.can_prove(actor, project, condition),
        can_confirm=policy.can_confirm(actor, project, review, condition),
        trail=trail_of(project, review.number),
        words=labels,
        **({} if is_draft else attachments_context(project, condition)),
    )


def _open_condition(slug: str, number: int) -> tuple[Project, ConditionAndReview]:
    project = get_project(actor, slug)
    return project, round_queries.get_condition(actor, project, number)


@bp.route("/<int(max=9999):number>/conditions/new", methods=["GET", "POST"])
def draft(slug: str, number: int) -> Response:
    project, review = open_review(slug, number)
    shared_commands.require_reviewer(actor, project, review)
    form = make_form(NewConditionForm)
    to_decide = url_for("review_desk.decide", slug=slug, number=number)
    form_page = FormPage(
        title=_("Écrire une condition"),
        trail=trail_of(project, number, (_("Décider"), to_decide)),
        step=_("Condition"),
        yes=_("Ajouter la condition"),
        advice=(
            _("Une condition est levée quand l’équipe l’a montrée et que vous l’avez confirmé."),
            _("L’équipe la lit quand la décision est signée, pas avant."),
        ),
    )

    def act(_values: dict[str, Any]) -> ReviewCondition:
        return reviewer_commands.draft_condition(actor, project, review, form.facts())

    def on_success(_result: ReviewCondition) -> tuple[str, str]:
        return _("Condition ajoutée au projet de décision."), to_decide

    return answer_form(form_page, form, act, on_success)


@bp.route(f"{CONDITION_PATH}/edit", methods=["GET", "POST"])
def change(slug: str, number: int) -> Response:
    project, of = _open_condition(slug, number)
    shared_commands.require_reviewer(actor, project, of[1])
    form = make_form(ConditionForm, obj=of[0])
    to_decide = url_for("review_desk.decide", slug=slug, number=of[1].number)
    form_page = FormPage(
        title=_("Modifier la condition %(n)s", n=number),
        trail=trail_of(project, of[1].number, (_("Décider"), to_decide)),
        step=_("Modifier"),
    )

    def act(values: dict[str, Any]) -> None:
        reviewer_commands.change_draft(actor, project, of, form.facts(), values["version"])

    return answer_form(form_page, form, act, _("Condition enregistrée."), stored=of[0])


@bp.post(f"{CONDITION_PATH}/drop")
def drop(slug: str, number: int) -> Response:
    project, of = _open_condition(slug, number)
    shared_commands.require_reviewer(actor, project, of[1])
    form, review = ReviewActionForm(), of[1].number

    def on_success(_result: None) -> Response:
        flash(_("Condition retirée du projet de décision."))
        return redirect_to_path(url_for("review_desk.decide", slug=slug, number=review))

    def act(_values: dict[str, Any]) -> None:
        reviewer_commands.drop_draft(actor, project, of)

    return submit(form, act, on_success, lambda status: _show_condition(slug, number, status, form))


@bp.route(f"{CONDITION_PATH}/proof", methods=["GET", "POST"])
def prove(slug: str, number: int) -> Response:
    project = get_writable_project(slug)
    of = round_queries.get_condition(actor, project, number)
    form = make_form(ConditionProofForm, obj=of[0])
    form_page = _make_form_page(
        (project, of),
        title=_("Montrer que la condition %(n)s est remplie", n=number),
        step=_("Preuve"),
        yes=_("Donner la preuve"),
        advice=(_("Le relecteur la lit, puis lève la condition ou vous la rend."),),
    )

    def act(values: dict[str, Any]) -> None:
        condition_commands.prove_condition(actor, project, of, form.to_proof(), values["version"])

    return answer_form(
        form_page, form, act, _("Preuve donnée : le relecteur la lira."), stored=of[0]
    )


@bp.post(f"{CONDITION_PATH}/confirm")
def confirm(slug: str, number: int) -> Response:
    project, of = _open_condition(slug, number)
    shared_commands.require_reviewer(actor, project, of[1])
    form = ConfirmConditionForm()

    def on_success(_result: None) -> Response:
        flash(_("Condition levée, en votre nom."))
        return redirect_to_path(url_for(".page", slug=slug, number=number))

    def act(values: dict[str, Any]) -> None:
        condition_commands.confirm_condition(actor, project, of, values["version"])

    return submit(form, act, on_success, lambda status: _show_condition(slug, number, status, form))


@bp.route(f"{CONDITION_PATH}/return", methods=["GET", "POST"])
def give_back(slug: str, number: int) -> Response:
    project, of = _open_condition(slug, number)
    shared_commands.require_reviewer(actor, project, of[1])
    form = make_form(ReturnConditionForm, obj=of[0])
    form_page = _make_form_page(
        (project, of),
        title=_("Rendre la condition %(n)s à l’équipe", n=number),
        step=_("Rendre"),
        yes=_("Rendre à l’équipe"),
    )

    def act(values: dict[str, Any]) -> None:
        because, expected_version = values["returned_because"], values["version"]
        condition_commands.return_condition(actor, project, of, because, expected_version)

    return answer_form(form_page, form, act, _("Condition rendue à l’équipe."), stored=of[0])


def _make_form_page(about: tuple[Project, ConditionAndReview], **page: Any) -> FormPage:
    project, (condition, review) = about
    place = url_for("review_conditions.page", slug=project.slug, number=condition.number)
    words_of = _("Condition %(n)s", n=condition.number)
    way = trail_of(project, review.number, (words_of, place))
    return FormPage(trail=way, lead=condition.what, **page)

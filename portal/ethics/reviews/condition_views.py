"""Conditions: drafted by the reviewer, signed with the decision, proved, confirmed."""

from functools import partial
from typing import Any

from flask import Blueprint, Response, url_for

from portal.ethics.reviews import (
    condition_commands,
    labels,
    policy,
    reviewer_commands,
    round_queries,
    shared_commands,
)
from portal.ethics.reviews.forms import (
    ConditionProofForm,
    EditConditionForm,
    NewConditionForm,
    ReturnConditionForm,
)
from portal.ethics.reviews.models import Review, ReviewCondition
from portal.ethics.reviews.page_views import build_review_trail, get_project_and_review
from portal.people.accounts.queries import read_person_names
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form
from portal.platform.web.form_page import FormPage, make_form
from portal.platform.web.rendering import render
from portal.platform.web.writes import VersionedButtonForm, write, write_button, write_page
from portal.project.projects.models import Project
from portal.project.projects.path_rules import row_path, row_path_by_number
from portal.project.projects.queries import get_project
from portal.project.projects.workspace_views import attachments_context, get_writable_project

bp = Blueprint("review_conditions", __name__, url_prefix="/projects/<slug>/reviews")
CONDITION_PATH = "/conditions/<int(max=9999):number>"


@bp.get(CONDITION_PATH)
def page(slug: str, number: int, status: int = 200, form: Form | None = None) -> Response:
    """The page of a condition; `form` is a refused form of one of its buttons."""
    project, condition, review = _get_project_condition_and_review(slug, number)
    is_draft = condition.decided_at is None
    return render(
        "ethics/reviews/condition.html",
        fragment="condition",
        status=status,
        project=project,
        review=review,
        condition=condition,
        form=form,
        names=read_person_names([condition.proved_by_id, condition.confirmed_by_id]),
        can_change=is_draft and policy.can_review(actor, project, review),
        can_prove=policy.can_prove_condition(actor, project, condition),
        can_confirm=policy.can_confirm_condition(actor, project, review, condition),
        trail=build_review_trail(project, review.number),
        labels=labels,
        **({} if is_draft else attachments_context(project, condition)),
    )


def _get_project_condition_and_review(slug: str, number: int) -> tuple[Project, ReviewCondition, Review]:
    project = get_project(actor, slug)
    return project, *round_queries.get_condition_and_review(actor, project, number)


def _get_condition_to_review(slug: str, number: int) -> tuple[Project, ReviewCondition, Review]:
    project, condition, review = _get_project_condition_and_review(slug, number)
    shared_commands.require_reviewer(actor, project, review)
    return project, condition, review


@bp.route("/<int(max=9999):number>/conditions/new", methods=["GET", "POST"])
def draft_condition(slug: str, number: int) -> Response:
    project, review = get_project_and_review(slug, number)
    shared_commands.require_reviewer(actor, project, review)
    form = make_form(NewConditionForm)
    decision_url = url_for("review_desk.decide", slug=slug, number=number)
    return write_page(
        FormPage(
            title=_("Écrire une condition"),
            trail=build_review_trail(project, number, (_("Décider"), decision_url)),
            step=_("Condition"),
            yes=_("Ajouter la condition"),
            advice=(
                _("Une condition est levée quand l’équipe l’a montrée et que vous l’avez confirmé."),
                _("L’équipe la lit quand la décision est signée, pas avant."),
            ),
        ),
        form,
        lambda _values: reviewer_commands.draft_condition(actor, project, review, form.facts()),
        message=_("Condition ajoutée au projet de décision."),
    )


@bp.route(f"{CONDITION_PATH}/edit", methods=["GET", "POST"])
def change(slug: str, number: int) -> Response:
    project, condition, review = _get_condition_to_review(slug, number)
    form = make_form(EditConditionForm, obj=condition)
    decision_url = url_for("review_desk.decide", slug=slug, number=review.number)
    return write_page(
        FormPage(
            title=_("Modifier la condition %(n)s", n=number),
            trail=build_review_trail(project, review.number, (_("Décider"), decision_url)),
            step=_("Modifier"),
        ),
        form,
        lambda values: reviewer_commands.change_drafted_condition(
            actor, project, (condition, review), form.facts(), values["version"]
        ),
        message=_("Condition enregistrée."),
        stored=condition,
    )


@bp.post(f"{CONDITION_PATH}/drop")
def drop(slug: str, number: int) -> Response:
    project, condition, review = _get_condition_to_review(slug, number)
    return write_button(
        lambda: reviewer_commands.drop_drafted_condition(actor, project, (condition, review)),
        message=_("Condition retirée du projet de décision."),
        to=url_for("review_desk.decide", slug=slug, number=review.number),
        page=partial(page, slug, number),
    )


@bp.route(f"{CONDITION_PATH}/proof", methods=["GET", "POST"])
def prove(slug: str, number: int) -> Response:
    project = get_writable_project(slug)
    condition, review = round_queries.get_condition_and_review(actor, project, number)
    form = make_form(ConditionProofForm, obj=condition)
    return write_page(
        FormPage(
            title=_("Montrer que la condition %(n)s est remplie", n=number),
            step=_("Preuve"),
            yes=_("Donner la preuve"),
            advice=(_("Le relecteur la lit, puis lève la condition ou vous la rend."),),
            **_build_page_head(project, condition, review),
        ),
        form,
        lambda values: condition_commands.prove_condition(
            actor, project, (condition, review), form.to_proof(), values["version"]
        ),
        message=_("Preuve donnée : le relecteur la lira."),
        stored=condition,
    )


@bp.post(f"{CONDITION_PATH}/confirm")
def confirm(slug: str, number: int) -> Response:
    project, condition, review = _get_condition_to_review(slug, number)
    form = VersionedButtonForm()
    return write(
        form,
        lambda values: condition_commands.confirm_condition(
            actor, project, (condition, review), values["version"]
        ),
        message=_("Condition levée, en votre nom."),
        to=row_path_by_number(project, ReviewCondition, number),
        page=lambda status: page(slug, number, status, form),
        stored=condition,
    )


@bp.route(f"{CONDITION_PATH}/return", methods=["GET", "POST"])
def give_back(slug: str, number: int) -> Response:
    project, condition, review = _get_condition_to_review(slug, number)
    form = make_form(ReturnConditionForm, obj=condition)
    return write_page(
        FormPage(
            title=_("Rendre la condition %(n)s à l’équipe", n=number),
            step=_("Rendre"),
            yes=_("Rendre à l’équipe"),
            **_build_page_head(project, condition, review),
        ),
        form,
        lambda values: condition_commands.return_condition(
            actor, project, (condition, review), values["returned_because"], values["version"]
        ),
        message=_("Condition rendue à l’équipe."),
        stored=condition,
    )


def _build_page_head(project: Project, condition: ReviewCondition, review: Review) -> dict[str, Any]:
    step = _("Condition %(n)s", n=condition.number)
    url = row_path(project, condition)
    return {"trail": build_review_trail(project, review.number, (step, url)), "lead": condition.what}

"""The list of a project's reviews; a review to read, print and export as JSON."""

import json
from dataclasses import dataclass

from flask import Blueprint, Response, make_response

from portal.ethics.questionnaires.answer_documents import order_answers
from portal.ethics.questionnaires.completion_rules import AnswerProgress
from portal.ethics.questionnaires.models import QuestionnaireEdition
from portal.ethics.questionnaires.need_views import read_next_gate_needs
from portal.ethics.questionnaires.queries import get_definition
from portal.ethics.questionnaires.visibility_rules import list_visible_items
from portal.ethics.reviews import labels, policy, queries, round_queries
from portal.ethics.reviews.answer_commands import record_answers_export
from portal.ethics.reviews.models import Review
from portal.ethics.reviews.page_views import (
    build_review_trail,
    get_review_to_read,
    list_review_lines,
    list_section_statuses,
    show_review,
)
from portal.ethics.reviews.reviewer_queries import list_reviewer_names
from portal.people.accounts.queries import read_person_names
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.actor import has_csrf_failure
from portal.platform.web.rendering import render
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project

bp = Blueprint("reviews", __name__, url_prefix="/projects/<slug>/reviews")
REVIEW_PATH = "/<int(max=9999):number>"


@dataclass(frozen=True)
class ReviewRow:
    """A row of the list of reviews."""

    review: Review
    edition: QuestionnaireEdition
    progress: AnswerProgress

    @property
    def title(self) -> str:
        return str(get_definition(self.edition).title)


@bp.get("")
def index(slug: str) -> Response:
    project = get_project(actor, slug)
    rows = _list_review_rows(project)
    return render(
        "ethics/reviews/index.html",
        fragment="list",
        project=project,
        rows=rows,
        lines=list_review_lines(actor, project),
        names=read_person_names(row.review.reviewer_id for row in rows),
        named_reviewers=list_reviewer_names(project),
        needs=read_next_gate_needs(project),
        can_open=policy.can_open(actor, project),
        labels=labels,
    )


def _list_review_rows(project: Project) -> list[ReviewRow]:
    reviews = queries.list_reviews(actor, project)
    progress = queries.read_progress_by_review(reviews)
    return [ReviewRow(review, edition, progress[review.id]) for review, edition in reviews]


@bp.get(REVIEW_PATH)
def page(slug: str, number: int) -> Response:
    return show_review(slug, number)


@bp.get(f"{REVIEW_PATH}/print")
def printed(slug: str, number: int) -> Response:
    """All visible questions with their answers, the decisions and the conditions."""
    project, record = get_review_to_read(slug, number)
    review = record.review
    return render(
        "ethics/reviews/print.html",
        project=project,
        record=record,
        review=review,
        sections=[
            (status.section, list_visible_items(record.definition, status.section, record.answers))
            for status in list_section_statuses(record)
        ],
        rounds=round_queries.list_rounds(actor, project, review),
        conditions=round_queries.list_conditions(actor, project, review),
        names=queries.read_review_person_names(record),
        trail=build_review_trail(project, number),
        labels=labels,
    )


@bp.get(f"{REVIEW_PATH}/rounds/<int(max=999):turn>")
def round_page(slug: str, number: int, turn: int) -> Response:
    """The answers of a round as submitted, with the reviewer's opinions."""
    project, record = get_review_to_read(slug, number)
    round_details = round_queries.get_round(actor, project, record.review, turn)
    edition = queries.get_edition(round_details.round.edition_id or record.review.edition_id)
    definition, answers = get_definition(edition), round_details.round.answers or {}
    return render(
        "ethics/reviews/turn.html",
        project=project,
        review=record.review,
        details=round_details,
        definition=definition,
        answers=answers,
        sections=[
            (section, list_visible_items(definition, section, answers)) for section in definition.sections
        ],
        names=read_person_names([round_details.round.begun_by_id, round_details.round.submitted_by_id]),
        trail=build_review_trail(project, number),
        labels=labels,
    )


@bp.post(f"{REVIEW_PATH}/answers.json")
def as_json(slug: str, number: int) -> Response:
    """Exports the answers; by POST, since it is recorded in the audit trail."""
    project, record = get_review_to_read(slug, number)
    if not has_csrf_failure():  # such a request is refused before the commit
        record_answers_export(actor, project, record.review)
    ordered_answers = order_answers(record.definition, record.answers)
    response = make_response(json.dumps(ordered_answers, ensure_ascii=False, indent=2) + "\n")
    response.mimetype = "application/json"
    name = f"{project.slug}-{record.definition.name}-{number}.json"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response

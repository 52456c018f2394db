"""The reviews of a project: their list, one of them, all of it on paper, its answers as JSON."""

import json
from dataclasses import dataclass

from flask import Blueprint, Response, make_response

from portal.ethics.questionnaires.answer_documents import order_answers
from portal.ethics.questionnaires.models import QuestionnaireEdition
from portal.ethics.questionnaires.visibility_rules import list_visible_items
from portal.ethics.reviews import labels, policy, queries, review_section_views, round_queries
from portal.ethics.reviews.answer_commands import export_answers
from portal.ethics.reviews.models import Review
from portal.ethics.reviews.page_views import (
    list_section_statuses,
    open_record,
    show_review,
    trail_of,
)
from portal.people.accounts.queries import names_of
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.actor import has_csrf_failure
from portal.platform.web.rendering import render
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project

bp = Blueprint("reviews", __name__, url_prefix="/projects/<slug>/reviews")
REVIEW_PATH = "/<int(max=9999):number>"


@dataclass(frozen=True)
class ReviewRow:
    """A review in the list of a project."""

    review: Review
    edition: QuestionnaireEdition
    answered: int

    @property
    def title(self) -> str:
        return str(self.edition.definition.title)


@bp.get("")
def index(slug: str) -> Response:
    project = get_project(actor, slug)
    lines = _list_rows(project)
    return render(
        "ethics/reviews/index.html",
        fragment="list",
        project=project,
        lines=lines,
        told=review_section_views.list_review_lines(actor, project),
        names=names_of(line.review.reviewer_id for line in lines),
        can_open=policy.can_open(actor, project),
        words=labels,
    )


def _list_rows(project: Project) -> list[ReviewRow]:
    reviews = queries.list_reviews(actor, project)
    answered = queries.count_answered([review for review, _edition in reviews])
    return [ReviewRow(review, edition, answered.get(review.id, 0)) for review, edition in reviews]


@bp.get(REVIEW_PATH)
def page(slug: str, number: int) -> Response:
    return show_review(slug, number)


@bp.get(f"{REVIEW_PATH}/print")
def printed(slug: str, number: int) -> Response:
    """All questions that are asked, with their answers, what was decided, and by whom."""
    project, record = open_record(slug, number)
    review, of = record.review, record.definition
    return render(
        "ethics/reviews/print.html",
        project=project,
        held=record,
        review=review,
        sections=[
            (part, list_visible_items(of, part.section, record.answers))
            for part in list_section_statuses(record)
        ],
        turns=round_queries.list_rounds(actor, project, review),
        conditions=round_queries.list_conditions(actor, project, review),
        names=queries.get_person_names(record),
        trail=trail_of(project, number),
        words=labels,
    )


@bp.get(f"{REVIEW_PATH}/rounds/<int(max=999):turn>")
def turn(slug: str, number: int, turn: int) -> Response:
    """What was answered in a round, as it was given away, and what came of it."""
    project, record = open_record(slug, number)
    round_details = round_queries.get_round(actor, project, record.review, turn)
    edition = queries.get_edition(round_details.round.edition_id or record.review.edition_id)
    of, answers = edition.definition, round_details.round.answers or {}
    return render(
        "ethics/reviews/turn.html",
        project=project,
        review=record.review,
        found=round_details,
        definition=of,
        answers=answers,
        sections=[
            (each_section, list_visible_items(of, each_section, answers))
            for each_section in of.sections
        ],
        names=names_of([round_details.round.begun_by_id, round_details.round.submitted_by_id]),
        trail=trail_of(project, number),
        words=labels,
    )


@bp.post(f"{REVIEW_PATH}/answers.json")
def as_json(slug: str, number: int) -> Response:
    """The answers by question, as another tool takes them; by POST, as the trail says who did."""
    project, record = open_record(slug, number)
    if not has_csrf_failure():  # refused before the commit, whatever this view does
        export_answers(actor, project, record.review)
    ordered_answers = order_answers(record.definition, record.answers)
    response = make_response(json.dumps(ordered_answers, ensure_ascii=False, indent=2) + "\n")
    response.mimetype = "application/json"
    name = f"{project.slug}-{record.definition.name}-{number}.json"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response

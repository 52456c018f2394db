"""The reviews of a project: their list, one of them, all of it on paper, its answers as JSON."""

import json
from dataclasses import dataclass

from flask import Blueprint, Response, make_response

from portal.accounts.queries import names_of
from portal.projects.models import Project
from portal.projects.queries import get_project
from portal.questionnaires.exchange import give_answers
from portal.questionnaires.models import QuestionnaireEdition
from portal.questionnaires.visibility import asked_in
from portal.reviews import chapters, policy, queries, round_queries, words
from portal.reviews.answer_commands import export_answers
from portal.reviews.models import Review
from portal.reviews.workplace import open_held, parts_of, show_review, trail_of
from portal.web.actor import current_actor as actor
from portal.web.actor import is_forged
from portal.web.render import render

bp = Blueprint("reviews", __name__, url_prefix="/projects/<slug>/reviews")
ONE = "/<int(max=9999):number>"


@dataclass(frozen=True)
class Line:
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
    lines = _lines(project)
    return render(
        "reviews/index.html",
        fragment="list",
        project=project,
        lines=lines,
        told=chapters.tell(actor, project),
        names=names_of(line.review.reviewer_id for line in lines),
        can_open=policy.can_open(actor, project),
        words=words,
    )


def _lines(project: Project) -> list[Line]:
    found = queries.list_all(actor, project)
    answered = queries.count_answered([review for review, _edition in found])
    return [Line(review, edition, answered.get(review.id, 0)) for review, edition in found]


@bp.get(ONE)
def page(slug: str, number: int) -> Response:
    return show_review(slug, number)


@bp.get(f"{ONE}/print")
def printed(slug: str, number: int) -> Response:
    """All questions that are asked, with their answers, what was decided, and by whom."""
    project, held = open_held(slug, number)
    review, of = held.review, held.definition
    return render(
        "reviews/print.html",
        project=project,
        held=held,
        review=review,
        sections=[(part, asked_in(of, part.section, held.answers)) for part in parts_of(held)],
        turns=round_queries.list_turns(actor, project, review),
        conditions=round_queries.list_conditions(actor, project, review),
        names=queries.names_beside(held),
        trail=trail_of(project, number),
        words=words,
    )


@bp.get(f"{ONE}/rounds/<int(max=999):turn>")
def turn(slug: str, number: int, turn: int) -> Response:
    """What was answered in a round, as it was given away, and what came of it."""
    project, held = open_held(slug, number)
    found = round_queries.get_turn(actor, project, held.review, turn)
    edition = queries.get_edition(found.round.edition_id or held.review.edition_id)
    of, answers = edition.definition, found.round.answers or {}
    return render(
        "reviews/turn.html",
        project=project,
        review=held.review,
        found=found,
        definition=of,
        answers=answers,
        sections=[(one, asked_in(of, one, answers)) for one in of.sections],
        names=names_of([found.round.begun_by_id, found.round.submitted_by_id]),
        trail=trail_of(project, number),
        words=words,
    )


@bp.post(f"{ONE}/answers.json")
def as_json(slug: str, number: int) -> Response:
    """The answers by question, as another tool takes them; by POST, as the trail says who did."""
    project, held = open_held(slug, number)
    if not is_forged():  # refused before the commit, whatever this view does
        export_answers(actor, project, held.review)
    told = give_answers(held.definition, held.answers)
    response = make_response(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    response.mimetype = "application/json"
    name = f"{project.slug}-{held.definition.name}-{number}.json"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response

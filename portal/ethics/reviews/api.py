"""Operations on ethics reviews: their answers, opinions, decision and conditions."""

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any

from portal.ethics.questionnaires.answer_documents import parse_answers
from portal.ethics.questionnaires.definition_rules import Questionnaire
from portal.ethics.questionnaires.queries import get_questionnaire
from portal.ethics.reviews import (
    answer_commands,
    commands,
    condition_commands,
    policy,
    queries,
    reviewer_commands,
    round_queries,
    schemas,
)
from portal.ethics.reviews.answer_commands import AnswerInput
from portal.ethics.reviews.forms import clean_values
from portal.ethics.reviews.models import Review, ReviewAnswer, ReviewCondition
from portal.platform.kernel.access import require
from portal.platform.kernel.errors import NotFound, RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage
from portal.project.projects.numbered_api import NumberedApi
from portal.project.projects.queries import get_programme_role_holder, get_project

area = ApiArea("ethics")
REVIEW = "/projects/<slug>/reviews/<int(max=9999):number>"
ANSWERS = f"{REVIEW}/answers"

reviews = NumberedApi(area, "reviews", ("review", "reviews"), Review, schemas.ReviewSchema).reads()
reviews.acts("submit", "submit_review", "Submit a review to its reviewer.", commands.submit_review)
reviews.acts("withdraw", "withdraw_review", "Take a submitted review back.", commands.withdraw_submission)
reviews.acts("discard", "discard_review", "Give a review up.", commands.discard_review)
reviews.acts("take", "take_review", "Take a submitted review to read it.", reviewer_commands.take_review)
reviews.acts(
    "opinion",
    "write_review_opinion",
    "Write one's opinion of a section, as the reviewer.",
    reviewer_commands.write_opinion,
    schemas.OpinionSchema,
    names={"expected_version": "opinion_version"},
)
reviews.acts(
    "request-more",
    "request_more_of_review",
    "Send a review back to the team, as the reviewer.",
    reviewer_commands.request_more,
    schemas.RequestMoreSchema,
)
reviews.acts(
    "decide",
    "decide_review",
    "Sign the decision of a review, with the conditions that were drafted.",
    reviewer_commands.decide_review,
    schemas.ReviewDecisionSchema,
)
reviews.acts(
    "reopen",
    "reopen_review",
    "Open a decided review again.",
    commands.reopen_review,
    schemas.ReopenReviewSchema,
)
reviews.acts(
    "upgrade",
    "upgrade_review",
    "Move a review to the latest edition of its questionnaire, with the answers that fit.",
    answer_commands.upgrade_edition,
)


@area.create("/projects/<slug>/reviews", schemas.ReviewSchema, body=schemas.OpenReviewSchema)
def open_review(call: ApiCall, slug: str) -> Review:
    """Open a review by a questionnaire."""
    project = get_project(call.actor, slug)
    review = commands.open_review(call.actor, project, _find_questionnaire(call))
    call.location = f"/projects/{slug}/reviews/{review.number}"
    return review


def _find_questionnaire(call: ApiCall) -> Questionnaire:
    """The questionnaire whose key the body names. Raises `RuleBroken`."""
    try:
        return get_questionnaire(call.body["kind"])
    except NotFound:
        raise RuleBroken("kind", _("Aucun questionnaire n’a cette clé.")) from None


@area.act(f"{REVIEW}/reviewer", schemas.ReviewSchema, body=schemas.ChooseReviewerSchema)
def choose_reviewer(call: ApiCall, slug: str, number: int) -> Review:
    """Give a review to one of the programme's ethics reviewers, for its leads."""
    project = get_project(call.actor, slug)
    review = queries.get_review(call.actor, project, number)
    require(policy.may_choose_reviewer(call.actor, project), commands.WHO_ASSIGNS)
    person = get_programme_role_holder(project, policy.REVIEWER, call.body["person_id"])
    commands.choose_reviewer(call.actor, project, review, person, **call.values("instead_of"))
    return review


@area.list(ANSWERS, schemas.ReviewAnswerSchema)
def list_review_answers(call: ApiCall, slug: str, number: int) -> ApiPage:
    """List the answers of a review, by question."""
    return call.page.cut_whole_list(
        _list_answers(queries.get_review(call.actor, get_project(call.actor, slug), number))
    )


def _list_answers(review: Review) -> Sequence[ReviewAnswer]:
    return sorted(queries.list_answer_rows_by_item(review).values(), key=attrgetter("item"))


@area.act(ANSWERS, schemas.ReviewAnswersSchema, body=schemas.SaveAnswersSchema)
def save_review_answers(call: ApiCall, slug: str, number: int) -> Mapping[str, Any]:
    """Answer questions of a review, each at the version that was read: all of them or none."""
    project = get_project(call.actor, slug)
    review = queries.get_review(call.actor, project, number)
    sent = {answer["item"]: answer for answer in call.body["answers"]}
    parsed = parse_answers(
        queries.get_definition(review), {item: answer["value"] for item, answer in sent.items()}
    )
    if parsed.unknown or parsed.misfits:
        keys = ", ".join([*parsed.unknown, *parsed.misfits])
        raise RuleBroken("answers", _("Ces réponses ne vont pas à leur question : %(keys)s.", keys=keys))
    inputs = {
        item: AnswerInput(parsed.answers.get(item), answer["note"], answer["version"])
        for item, answer in sent.items()
    }
    answer_commands.save_answers(call.actor, project, review, inputs)
    return {"answers": [row for row in _list_answers(review) if row.item in inputs]}


@area.act(f"{ANSWERS}/import", schemas.AnswersImportResultSchema, body=schemas.ImportAnswersSchema)
def import_review_answers(call: ApiCall, slug: str, number: int) -> answer_commands.AnswersImportResult:
    """Replace the answers that an export names, whatever their version; what does not fit is listed."""
    project = get_project(call.actor, slug)
    review = queries.get_review(call.actor, project, number)
    content = clean_values(call.body["answers"])
    return answer_commands.import_answers(call.actor, project, review, content)


conditions = NumberedApi(
    area,
    "review-conditions",
    ("review_condition", "review_conditions"),
    ReviewCondition,
    schemas.ReviewConditionSchema,
    round_queries.get_condition_and_review,
).gets()


@area.list("/projects/<slug>/reviews/<int(max=9999):number>/conditions", schemas.ReviewConditionSchema)
def list_review_conditions(call: ApiCall, slug: str, number: int) -> ApiPage:
    """List the conditions of a review; drafts are for its reviewer."""
    project = get_project(call.actor, slug)
    review = queries.get_review(call.actor, project, number)
    return call.page.cut_whole_list(round_queries.list_conditions(call.actor, project, review))


conditions.creates(
    "draft_review_condition",
    "Draft a condition of the coming decision, as the reviewer.",
    reviewer_commands.draft_condition,
    schemas.ConditionFactsSchema,
    under=reviews,
)
conditions.changes(
    "change_review_condition",
    "Change a drafted condition.",
    reviewer_commands.change_drafted_condition,
    schemas.ConditionFactsSchema,
)
conditions.deletes(
    "drop_review_condition", "Drop a drafted condition.", reviewer_commands.drop_drafted_condition
)
conditions.acts(
    "prove",
    "prove_review_condition",
    "Show that a condition is met.",
    condition_commands.prove_condition,
    schemas.ConditionProofSchema,
    names={"text": "proof", "link": "proof_link"},
)
conditions.acts(
    "confirm",
    "confirm_review_condition",
    "Confirm that a condition is met, as the reviewer.",
    condition_commands.confirm_condition,
)
conditions.acts(
    "return",
    "return_review_condition",
    "Say what the proof of a condition lacks, as the reviewer.",
    condition_commands.return_condition,
    schemas.ConditionReturnedSchema,
    names={"because": "returned_because"},
)

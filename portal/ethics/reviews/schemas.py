"""Schemas of ethics reviews and their answers."""

from itertools import chain
from typing import Any

from marshmallow import ValidationError, fields, validate

from portal.ethics.questionnaires.definition_rules import NOTE_SUFFIX
from portal.ethics.reviews import forms
from portal.ethics.reviews.models import DECIDED, TEXT_MAX, Review, ReviewAnswer, ReviewCondition, ReviewState
from portal.platform.kernel.text import gettext as _
from portal.platform.web.api_bodies import form_schema
from portal.platform.web.api_columns import row_schema
from portal.platform.web.api_fields import ApiSchema, id_, integer, line

ReviewSchema = row_schema(
    "ReviewSchema",
    Review,
    *("kind", "edition_id", "state", "round", "opened_by_id", "reviewer_id", "submitted_at", "decided_at"),
    "discarded_at",
)
ReviewAnswerSchema = row_schema("ReviewAnswerSchema", ReviewAnswer, "item", "value", "note")
ReviewConditionSchema = row_schema(
    "ReviewConditionSchema",
    ReviewCondition,
    *("review_id", "what", "due_on", "decided_at", "proof", "proof_link", "returned_because"),
)
SECTION_MAX = ITEM_MAX = 80
VERSION_MAX = 2**31 - 1
NUMBER_LIMIT = 1e12
ANSWERS_MAX = 200
OpenReviewSchema = form_schema(
    "OpenReviewSchema",
    forms.OpenReviewForm,
    kind=line(SECTION_MAX, "Key of the questionnaire.", required=True, example="framing"),
)
OpinionSchema = form_schema(
    "OpinionSchema",
    forms.OpinionForm,
    section=line(SECTION_MAX, "Key of the section.", required=True),
    opinion_version=integer(0, VERSION_MAX, "0: the first opinion.", load_default=0),
)
RequestMoreSchema = form_schema("RequestMoreSchema", forms.RequestMoreForm)
ReviewDecisionSchema = form_schema(
    "ReviewDecisionSchema",
    forms.ReviewDecisionForm,
    outcome=fields.Enum(
        ReviewState,
        by_value=True,
        required=True,
        validate=validate.OneOf(DECIDED),
        metadata={"example": "accepted"},
    ),
)
ReopenReviewSchema = form_schema(
    "ReopenReviewSchema",
    forms.ReopenReviewForm,
    sections=fields.List(
        line(SECTION_MAX, required=True), load_default=list, validate=validate.Length(max=50)
    ),
)
ConditionFactsSchema = form_schema("ConditionFactsSchema", forms.EditConditionForm)
ConditionProofSchema = form_schema("ConditionProofSchema", forms.ConditionProofForm)
ConditionReturnedSchema = form_schema("ConditionReturnedSchema", forms.ReturnConditionForm)


def _check_answer(value: Any) -> None:
    """Refuse what no questionnaire takes; the command checks whether the answer fits its question."""
    rows = [*value, *value.values()] if isinstance(value, dict) else [value]
    for part in chain.from_iterable(row if isinstance(row, list) else [row] for row in rows):
        is_number = isinstance(part, int | float) and abs(part) <= NUMBER_LIMIT
        is_text = isinstance(part, str) and len(part) <= TEXT_MAX
        if part is not None and not is_number and not is_text:
            raise ValidationError(_("Cette valeur ne convient pas."))


def make_answer_value_field(about: str, **options: Any) -> fields.Field[Any]:
    """An answer of any kind of question."""
    return fields.Raw(
        validate=_check_answer,
        metadata={
            "description": about,
            "type": ["string", "number", "boolean", "array", "object"],
            "items": {"type": "string"},
            "example": "yes",
        },
        **options,
    )


class ChooseReviewerSchema(ApiSchema):
    """Who is to review."""

    person_id = id_("One of the programme's ethics reviewers.", required=True)
    instead_of = id_("Who reviewed when it was read, null for nobody; left out: whoever.", allow_none=True)


class SaveAnswerSchema(ApiSchema):
    """An answer to a question, at the version that was read."""

    item = line(ITEM_MAX, "Key of the question.", required=True)
    value = make_answer_value_field(
        "As the questionnaire asks: a text, a number, choices, or null.",
        required=True,
        allow_none=True,
    )
    note = line(TEXT_MAX)
    version = integer(0, VERSION_MAX, required=True)


class SaveAnswersSchema(ApiSchema):
    """Answers to some questions."""

    answers = fields.List(
        fields.Nested(SaveAnswerSchema), required=True, validate=validate.Length(min=1, max=ANSWERS_MAX)
    )


class ImportAnswersSchema(ApiSchema):
    """Answers and notes by the key of their question, as a review exports them."""

    answers = fields.Dict(
        keys=fields.String(validate=validate.Length(max=ITEM_MAX + len(NOTE_SUFFIX))),
        values=make_answer_value_field("As the questionnaire asks.", allow_none=True),
        required=True,
        validate=validate.Length(min=1, max=2 * ANSWERS_MAX),
        metadata={"example": {"aim": "Trier le courrier"}},
    )


class AnswersImportResultSchema(ApiSchema):
    """What became of imported answers, by the key of their question; unchanged ones are in no list."""

    saved = fields.List(fields.String(), dump_only=True)
    closed = fields.List(fields.String(), dump_only=True, metadata={"description": "Not open any more."})
    unknown_keys = fields.List(
        fields.String(), attribute="unknown", dump_only=True, metadata={"description": "Of no question."}
    )
    misfits = fields.List(fields.String(), dump_only=True, metadata={"description": "Do not fit."})


class ReviewAnswersSchema(ApiSchema):
    """Answers as they are now."""

    answers = fields.List(fields.Nested(ReviewAnswerSchema), dump_only=True)

"""Schemas of readiness sheets and of the answers of their sections."""

from typing import Any

from marshmallow import fields, validate

from portal.ethics.questionnaires.definition_rules import KEY_MAX
from portal.ethics.readiness_sheets.forms import CompleteSheetForm
from portal.ethics.readiness_sheets.models import Sheet, SheetSection
from portal.ethics.reviews.schemas import make_answer_value_field
from portal.platform.web.api_bodies import form_schema
from portal.platform.web.api_columns import row_schema
from portal.platform.web.api_fields import INTEGER_MAX, ApiSchema, integer, line

ANSWERS_MAX = 200
_VERSION = "The number of a version of the prototype."

ReadinessSheetSchema = row_schema(
    "ReadinessSheetSchema",
    Sheet,
    *(
        "kind",
        "edition",
        "prototype_version_id",
        "saved_at",
        "saved_by_id",
        "completed_on",
        "completed_by_id",
    ),
)
SheetSectionSchema = row_schema("SheetSectionSchema", SheetSection, "key", "edition", "answers")
CompleteSheetSchema = form_schema("CompleteSheetSchema", CompleteSheetForm)


def _make_version_field() -> fields.Field[Any]:
    return integer(1, INTEGER_MAX, _VERSION, load_default=None, allow_none=True)


class BeginSheetSchema(ApiSchema):
    """Which sheet to begin."""

    kind = line(KEY_MAX, "Key of the kind of sheet.", required=True, example="data_sheet")
    prototype_version = _make_version_field()


class SetSheetPrototypeVersionSchema(ApiSchema):
    """Which version of the prototype a sheet is about."""

    prototype_version = _make_version_field()


class SaveSheetSectionSchema(ApiSchema):
    """All answers of a section: what is left out is unanswered."""

    answers = fields.Dict(
        keys=fields.String(validate=validate.Length(max=KEY_MAX)),
        values=make_answer_value_field("As the question asks: a text, a number or choices."),
        required=True,
        validate=validate.Length(max=ANSWERS_MAX),
        metadata={"description": "By the key of the question.", "example": {"why": "Pour trier le courrier"}},
    )

"""Schemas of calls and their criteria."""

from typing import Any

from marshmallow import fields, validate

from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.api_bodies import form_schema
from portal.platform.web.api_columns import row_schema
from portal.platform.web.api_fields import ApiSchema, choice, flag, integer, line
from portal.selection.calls.forms import ChangeCriterionForm, PlanCallForm
from portal.selection.calls.models import LEVEL_MAX, LEVELS, Call, CallCriterion, CallState, TieRule

MINIMUM_MAX = 50  # tenths of a score
_CRITERION = ("position", "key", "name_fr", "name_en", "weight", "minimum_tenths")

CallSchema = row_schema(
    "CallSchema",
    Call,
    *("title_fr", "title_en", "purpose_fr", "purpose_en", "support_fr", "support_en", "apply_url"),
    *("opens_on", "closes_on", "results_on", "places", "scores_needed", "load_max", "tie_rule"),
    *("checklist", "signatory_name", "signatory_function", "appeal_terms", "appeal_days"),
    *("retention_months", "state", "shown_at"),
)
CallBodySchema = form_schema(
    "CallBodySchema",
    PlanCallForm,
    tie_rule=choice(TieRule, load_default=None, allow_none=True),
)


class ChangeCallStateSchema(ApiSchema):
    """The next state of a call; `knowingly`: ahead of its day, or with something missing or undone."""

    state = choice(CallState, required=True)
    knowingly = flag(load_default=False)


_SIX: Any = validate.Length(equal=LEVELS, error=_l("Écrivez six lignes, de la note 0 à la note 5."))


def _levels_field(about: str) -> fields.Field[Any]:
    level = line(LEVEL_MAX, required=True)
    words = [f"Niveau {n}" for n in range(LEVELS)]
    metadata = {"description": about, "example": words}
    return fields.List(level, required=True, validate=_SIX, metadata=metadata)


_CriterionColumnsSchema = row_schema("_CriterionColumnsSchema", CallCriterion, *_CRITERION)


class CallCriterionSchema(_CriterionColumnsSchema):  # type: ignore[misc,valid-type]  # made of columns
    """A criterion of a call, with words for each level from 0 to 5; its version is the call's."""

    version = integer(1, 2**31 - 1, "Of the call; sent back in `If-Match`.", dump_only=True)
    levels_fr = fields.List(fields.String(), dump_only=True)
    levels_en = fields.List(fields.String(), dump_only=True)


CriterionBodySchema = form_schema(
    "CriterionBodySchema",
    ChangeCriterionForm,
    "minimum",
    weight=integer(0, 100, "In per cent; those of a call add up to 100.", required=True),
    minimum_tenths=integer(
        0, MINIMUM_MAX, "The mean that is needed, in tenths.", load_default=None, allow_none=True
    ),
    levels_fr=_levels_field("What each score means, from 0 to 5."),
    levels_en=_levels_field("The same in English."),
)

"""Schemas of what the API shows of this feature."""

from portal.ethics.rereviews import forms
from portal.ethics.rereviews.models import REASON_MAX, Trigger, TriggerAnswer
from portal.platform.web.api_bodies import form_schema
from portal.platform.web.api_columns import row_schema
from portal.platform.web.api_fields import OptionalBodySchema, choice, line

TriggerSchema = row_schema(
    "TriggerSchema",
    Trigger,
    "key",
    "causes",
    "happened_at",
    "happened_by_id",
    "details",
    "answer",
    "because",
    "answered_at",
    "answered_by_id",
    "confirmed_at",
    "confirmed_by_id",
    "returned_because",
)

TriggerAnswerSchema = form_schema(
    "TriggerAnswerSchema", forms.TriggerAnswerForm, answer=choice(TriggerAnswer, required=True)
)
TriggerReturnedSchema = form_schema("TriggerReturnedSchema", forms.ReturnAnswerForm)


class TriggerConfirmedSchema(OptionalBodySchema):
    """Why nobody is harmed: required where somebody may be."""

    confirmed_because = line(REASON_MAX)

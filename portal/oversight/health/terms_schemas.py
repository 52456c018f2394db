"""Schemas of thresholds of signals, and of who follows a signal; versions are editions."""

from marshmallow import fields

from portal.oversight.health import forms
from portal.oversight.health.definition_rules import SignalCode, ThresholdUnit
from portal.oversight.health.models import SignalTerms
from portal.platform.web.api_bodies import form_schema
from portal.platform.web.api_columns import row_schema
from portal.platform.web.api_fields import ApiSchema, choice, day, flag, integer

EDITION_MAX = 2**31 - 1


class SignalTermsSchema(ApiSchema):
    """From which numbers on a signal is to watch, or an alert; null: never."""

    code = choice(SignalCode, dump_only=True)
    version = integer(0, EDITION_MAX, "Its edition, 0 for the usual one.", dump_only=True)
    unit = choice(ThresholdUnit, dump_only=True)
    watch = fields.Integer(dump_only=True, allow_none=True)
    alert = fields.Integer(dump_only=True, allow_none=True)


SignalTermsChangedSchema = form_schema(
    "SignalTermsChangedSchema",
    forms.ThresholdsForm,
    knowingly=flag(
        "True once the teams that this moves are known: the refusal names them.", load_default=False
    ),
)
SignalEditionSchema = row_schema(
    "SignalEditionSchema",
    SignalTerms,
    *("code", "edition", "watch", "alert", "because", "changed_by_id"),
)
ChargeTakenSchema = form_schema("ChargeTakenSchema", forms.TakeChargeForm)


class SignalChargeSchema(ApiSchema):
    """Who follows a signal, what they do and until when."""

    code = choice(SignalCode, dump_only=True)
    version = integer(0, EDITION_MAX, "Its edition, 0 if nobody ever followed it.", dump_only=True)
    who = fields.String(dump_only=True)
    text = fields.String(dump_only=True)
    taken_on = day(dump_only=True)
    until = day(dump_only=True)

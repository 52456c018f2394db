"""Schemas of health: its signals, and the forecast of gates."""

from marshmallow import fields

from portal.oversight.health.definition_rules import HealthLevel, LeadOpinionLevel, SignalCode
from portal.oversight.health.forms import LeadOpinionForm, WeatherForm
from portal.oversight.health.models import DeclaredWeather, LeadOpinion
from portal.platform.web.api_bodies import form_schema
from portal.platform.web.api_columns import row_schema
from portal.platform.web.api_fields import ApiSchema, choice, count, day, id_, integer, moment

DAYS_MAX = 100_000


class SignalSchema(ApiSchema):
    """A signal and its level; `code` is stable, sentences are those of pages, in the reader's language.

    `since` is the first day of a raised level, `remedy` what would turn it green.
    """

    code = choice(SignalCode, dump_only=True)
    level = fields.Enum(HealthLevel, dump_only=True)
    since = day(dump_only=True, allow_none=True)
    value = fields.String(dump_only=True)
    reason = fields.String(dump_only=True)
    remedy = fields.String(dump_only=True)
    charge = fields.String(dump_only=True)
    parameters = fields.Dict(dump_only=True)
    references = fields.List(fields.String(), dump_only=True)


class HealthSchema(ApiSchema):
    """The health of a project on a day; its level is that of its worst signal."""

    project_id = id_(dump_only=True)
    day = day(dump_only=True)
    read_at = moment()
    level = fields.Enum(HealthLevel, dump_only=True)
    signals = fields.List(fields.Nested(SignalSchema), dump_only=True)


class GateForecastSchema(ApiSchema):
    """When an open gate is expected; no range while too little is known."""

    number = count()
    due_on = day(dump_only=True)
    expected_on = day(dump_only=True)
    earliest_on = day(dump_only=True, allow_none=True)
    latest_on = day(dump_only=True, allow_none=True)
    lateness = integer(-DAYS_MAX, DAYS_MAX, "Of the project, in days.", dump_only=True)


WeatherSchema = row_schema("WeatherSchema", DeclaredWeather, "outlook", "sentence", "declared_by_id")
WeatherBodySchema = form_schema("WeatherBodySchema", WeatherForm)
OverrideSchema = row_schema("OverrideSchema", LeadOpinion, "level", "text", "until", "said_by_id")
OverrideBodySchema = form_schema(
    "OverrideBodySchema",
    LeadOpinionForm,
    level=fields.Enum(LeadOpinionLevel, by_value=fields.Integer(strict=True), required=True),
)

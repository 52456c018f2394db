"""Schemas of the report to funders: amounts are integer cents, all sums of the ledger."""

from typing import Any

from marshmallow import fields, validate

from portal.funding.agreements.models import InstalmentState
from portal.funding.agreements.schemas import CENTS_MAX
from portal.funding.reports.labels import COLUMNS
from portal.funding.reports.models import FundingReportFile
from portal.platform.web.api_columns import row_schema
from portal.platform.web.api_fields import ApiSchema, choice, day, integer, number, past_day
from portal.project.projects.gate_rules import GATE_NUMBER_MAX
from portal.project.projects.models import ProjectState
from portal.user_tests.rounds.labels import LANGUAGES

_ANSWER: dict[str, Any] = {"dump_only": True, "allow_none": True}


def _cents_field(about: str = "") -> fields.Field[Any]:
    return integer(-CENTS_MAX, CENTS_MAX, about, dump_only=True)


def _text_field() -> fields.String:
    return fields.String(dump_only=True)


LedgerTotalsSchema = type(
    "LedgerTotalsSchema",
    (ApiSchema,),
    {"__doc__": "Totals of the ledger.", **{name: _cents_field() for name in COLUMNS}},
)


class ReportQuerySchema(ApiSchema):
    """As of which day."""

    on = past_day(load_default=None, allow_none=True)


FundingReportFileSchema = row_schema(
    "FundingReportFileSchema",
    FundingReportFile,
    *("asked_by_id", "language", "as_of_at", "as_of_on", "printed_at"),
)


class RequestReportSchema(ReportQuerySchema):
    """As of which day, and in which language."""

    language = fields.String(
        load_default="fr", validate=validate.OneOf(list(LANGUAGES)), metadata={"example": "fr"}
    )


class ReportedGateSchema(ApiSchema):
    """A gate behind an instalment."""

    number = integer(0, GATE_NUMBER_MAX, dump_only=True)
    accepted_on = day(**_ANSWER)
    expected_on = day(**_ANSWER)


class ReportedInstalmentSchema(ApiSchema):
    """An instalment as of a day."""

    number = number()
    state = choice(InstalmentState, dump_only=True)
    totals = fields.Nested(LedgerTotalsSchema, dump_only=True)
    gates = fields.List(fields.Nested(ReportedGateSchema), dump_only=True)
    paid_on = day(**_ANSWER)
    expected_on = day(**_ANSWER)
    latest_on = day(**_ANSWER)
    is_after_end = fields.Boolean(
        dump_only=True, metadata={"description": "Expected after the end of its agreement."}
    )
    standstill = choice(ProjectState, **_ANSWER)


class ReportedTeamSchema(ApiSchema):
    """A team with its agreement's numbers and its instalments."""

    project = _text_field()
    name = _text_field()
    organisation = _text_field()
    agreement = _text_field()
    legal_commitment = _text_field()
    operator_reference = _text_field()
    totals = fields.Nested(LedgerTotalsSchema, dump_only=True)
    forecast = _cents_field("What is still to be paid.")
    instalments = fields.List(fields.Nested(ReportedInstalmentSchema), dump_only=True)


class ForecastMonthSchema(ApiSchema):
    """What is to be paid in a month."""

    first_on = day(dump_only=True)
    expected = _cents_field("By the expected days.")
    latest = _cents_field("By the latest days.")


class FundingReportSchema(ApiSchema):
    """The report of a programme as of a day."""

    as_of = day(dump_only=True)
    totals = fields.Nested(LedgerTotalsSchema, dump_only=True)
    forecast = _cents_field("What is still to be paid.")
    months = fields.List(fields.Nested(ForecastMonthSchema), dump_only=True)
    teams = fields.List(fields.Nested(ReportedTeamSchema), dump_only=True)
    without_agreement = fields.List(
        _text_field(),
        dump_only=True,
        metadata={"description": "Names of the teams that go on and whose amount is not committed."},
    )

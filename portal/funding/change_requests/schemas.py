"""Schemas of change requests and of a programme's terms of funding."""

from marshmallow import fields

from portal.funding.agreements.models import NAME_MAX, TEXT_MAX
from portal.funding.agreements.schemas import request_amount_field
from portal.funding.agreements.terms_queries import RECOVERY_DAYS_MAX
from portal.funding.change_requests.forms import AnswerChangeForm, ChangeMessageForm, NewChangeRequestForm
from portal.funding.change_requests.models import (
    ChangeDecision,
    ChangeMessage,
    FundingChange,
    FundingChangeKind,
)
from portal.funding.change_requests.rules import ChangeMode
from portal.platform.web.api_bodies import form_schema
from portal.platform.web.api_columns import row_schema
from portal.platform.web.api_fields import INTEGER_MAX, ApiSchema, choice, flag, integer, line

ChangeDecisionSchema = row_schema(
    "ChangeDecisionSchema",
    ChangeDecision,
    *("is_granted", "reasons", "days", "amount_cents", "decided_by_id", "decided_on"),
)
_ChangeColumnsSchema = row_schema(
    "_ChangeColumnsSchema",
    FundingChange,
    *("kind", "state", "authority", "reason", "days", "amount_cents", "purpose", "learnings"),
    *("filed_by_id", "examined_by_id", "confirmed_by_id", "confirmed_at", "closed_at"),
)


class ChangeRequestSchema(_ChangeColumnsSchema):  # type: ignore[misc,valid-type]  # made of columns
    """A change request, with its decisions, latest first."""

    decisions = fields.List(fields.Nested(ChangeDecisionSchema), dump_only=True)


ChangeMessageSchema = row_schema("ChangeMessageSchema", ChangeMessage, "author_id", "body")
ChangeMessageBodySchema = form_schema("ChangeMessageBodySchema", ChangeMessageForm)
ChangeRequestBodySchema = form_schema(
    "ChangeRequestBodySchema",
    NewChangeRequestForm,
    kind=choice(FundingChangeKind, required=True),
    amount_cents=request_amount_field(
        "Of a budget: the new amount in cents.", load_default=None, allow_none=True
    ),
)
ChangeAnswerSchema = form_schema(
    "ChangeAnswerSchema",
    AnswerChangeForm,
    "outcome",
    "knowingly",
    is_granted=flag("Whether the request is granted.", required=True),
    amount_cents=request_amount_field("Of a budget: what is granted.", load_default=None, allow_none=True),
)


class FundingTermsSchema(ApiSchema):
    """What a programme sets for its funding."""

    delay = choice(ChangeMode, required=True)
    scope = choice(ChangeMode, required=True)
    budget = choice(ChangeMode, required=True)
    abandonment = choice(ChangeMode, required=True)
    recovery_days = integer(0, RECOVERY_DAYS_MAX, required=True)
    signatory_name = line(NAME_MAX)
    signatory_function = line(NAME_MAX)
    appeal_terms = line(TEXT_MAX)
    version = integer(0, INTEGER_MAX, "0 while the defaults hold.", dump_only=True)

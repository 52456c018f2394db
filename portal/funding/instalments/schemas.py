"""Schemas of instalments. Amounts are integer cents; null for whoever reads states alone."""

from marshmallow import fields, validate

from portal.funding.agreements.models import (
    DOCUMENTS_MAX,
    INSTALMENTS_MAX,
    NAME_MAX,
    REASON_MAX,
    SHARE_TOTAL,
    Instalment,
    InstalmentDocument,
    InstalmentEdition,
)
from portal.funding.agreements.schemas import output_text_field, request_amount_field, response_amount_field
from portal.funding.instalments.forms import (
    AnnounceRecoveryForm,
    BookRecoveryForm,
    CheckInstalmentForm,
    InstalmentReasonForm,
    PaymentForm,
    RecoveryObservationsForm,
    ReturnInstalmentForm,
)
from portal.funding.instalments.models import InstalmentStep, PaymentRecovery
from portal.funding.instalments.plan_forms import PlanInstalmentForm
from portal.funding.instalments.rules import InstalmentTurn, LackKind
from portal.funding.ledger.models import LedgerEntry
from portal.platform.web.api_bodies import form_schema
from portal.platform.web.api_columns import row_schema
from portal.platform.web.api_fields import ApiSchema, choice, day, flag, id_, integer, line
from portal.project.projects.gate_rules import GATE_NUMBER_MAX

# What coaches do not read.
COUNTED_INSTALMENT = ("amount_cents", "statement_cents", "payment_reference", "documents")
_InstalmentStatesSchema = row_schema(
    "_InstalmentStatesSchema", Instalment, "state", "due_on", "gates", "needs_statement", "paid_on"
)
_DocumentColumnsSchema = row_schema(
    "_DocumentColumnsSchema", InstalmentDocument, "name", "due_on", "attachment_id", "sha256", "handed_on"
)
_GATES_MAX = GATE_NUMBER_MAX + 1


class LackSchema(ApiSchema):
    """Something that is missing before an instalment is asked for or paid."""

    kind = choice(LackKind, dump_only=True)
    gate = integer(0, GATE_NUMBER_MAX, "Of a gate: its number.", dump_only=True, allow_none=True)
    name = output_text_field()
    due_on = day(dump_only=True, allow_none=True)


class NeededDocumentSchema(_DocumentColumnsSchema):  # type: ignore[misc,valid-type]  # made of columns
    """A document that an instalment needs, and the file that was handed in."""


class InstalmentSchema(_InstalmentStatesSchema):  # type: ignore[misc,valid-type]  # made of columns
    """An instalment of an agreement: its state, whose turn it is, and what is missing."""

    amount_cents = response_amount_field()
    statement_cents = response_amount_field()
    payment_reference = output_text_field()
    turn = choice(InstalmentTurn, dump_only=True)
    is_released = flag("Whether nothing of it is owed: its agreement was closed before.", dump_only=True)
    lacks = fields.List(fields.Nested(LackSchema), dump_only=True)
    documents = fields.List(fields.Nested(NeededDocumentSchema), dump_only=True, allow_none=True)


RecoverySchema = row_schema(
    "RecoverySchema",
    PaymentRecovery,
    *(
        "amount_cents",
        "reason",
        "announced_by_id",
        "answer_until",
        "observations",
        "observed_at",
        "booked_on",
    ),
    *("reference", "dropped_at"),
)
InstalmentStepSchema = row_schema(
    "InstalmentStepSchema", InstalmentStep, "verb", "reason", "amount_cents", "person_id"
)
InstalmentEditionSchema = row_schema(
    "InstalmentEditionSchema",
    InstalmentEdition,
    *("created_at", "amount_cents", "due_on", "gates", "documents", "needs_statement", "reason", "author_id"),
)
LedgerEntrySchema = row_schema(
    "LedgerEntrySchema",
    LedgerEntry,
    *("instalment_id", "account", "amount_cents", "on_day", "reference", "reason", "author_id"),
)


class PlannedDocumentSchema(ApiSchema):
    """A document that an instalment is to need."""

    name = line(NAME_MAX, required=True)
    due_on = day(load_default=None, allow_none=True)


InstalmentBodySchema = form_schema(
    "InstalmentBodySchema",
    PlanInstalmentForm,
    amount_cents=request_amount_field(),
    gates=fields.List(
        integer(0, GATE_NUMBER_MAX), load_default=list, validate=validate.Length(max=_GATES_MAX)
    ),
    documents=fields.List(
        fields.Nested(PlannedDocumentSchema), load_default=list, validate=validate.Length(max=DOCUMENTS_MAX)
    ),
)


class ChangeInstalmentSchema(InstalmentBodySchema):  # type: ignore[misc,valid-type]  # made of a form
    """What an instalment is to be; of a signed agreement, with why."""

    reason = line(REASON_MAX, "Required once the agreement is signed.", load_default="")


class InstalmentPlanSchema(ApiSchema):
    """All instalments of an agreement."""

    instalments = fields.List(fields.Nested(InstalmentSchema), dump_only=True)


class ShareOutAgreementSchema(ApiSchema):
    """How the amount of an agreement is shared out among instalments."""

    shares = fields.List(
        integer(1, SHARE_TOTAL),
        required=True,
        validate=validate.Length(min=1, max=INSTALMENTS_MAX),
        metadata={"description": "In hundredths of a per cent: their sum is 10,000."},
    )


ReturnInstalmentSchema = form_schema("ReturnInstalmentSchema", ReturnInstalmentForm)
WhyInstalmentSchema = form_schema("WhyInstalmentSchema", InstalmentReasonForm)
CheckInstalmentSchema = form_schema("CheckInstalmentSchema", CheckInstalmentForm)
PaymentSchema = form_schema("PaymentSchema", PaymentForm)
RecoveryBodySchema = form_schema(
    "RecoveryBodySchema", AnnounceRecoveryForm, amount_cents=request_amount_field()
)
ObservationsSchema = form_schema("ObservationsSchema", RecoveryObservationsForm)
BookingSchema = form_schema("BookingSchema", BookRecoveryForm)


class SaveExpenseStatementSchema(ApiSchema):
    """What the team spent."""

    statement_cents = request_amount_field()


class HandInDocumentSchema(ApiSchema):
    """Which attached file is a document."""

    document = id_("The id of the needed document.", required=True)
    file = id_("The id of a file attached to the instalment.", required=True)

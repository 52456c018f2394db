"""Schemas of agreements and instalments. Amounts are cents; null for whoever reads states alone."""

from marshmallow import fields

from portal.funding.agreements.models import FundingAgreement, Instalment
from portal.platform.web.api_columns import row_schema
from portal.platform.web.api_fields import integer

# What coaches do not read: amounts, texts and documents.
COUNTED_AGREEMENT = (
    *("number", "legal_commitment", "operator_reference", "purpose", "amount_cents", "document_sha256"),
    "end_reason",
)
COUNTED_INSTALMENT = ("amount_cents", "statement_cents", "payment_reference")
CENTS_MAX = 2**53
_AgreementStatesSchema = row_schema(
    "_AgreementStatesSchema",
    FundingAgreement,
    *("state", "starts_on", "ends_on", "signed_on", "committed_at", "ended_on"),
)
_InstalmentStatesSchema = row_schema(
    "_InstalmentStatesSchema", Instalment, "state", "due_on", "gates", "needs_statement", "paid_on"
)


def _cents() -> fields.Field[object]:
    return integer(
        0, CENTS_MAX, "Null where amounts are not for the reader.", dump_only=True, allow_none=True
    )


def _text() -> fields.String:
    return fields.String(dump_only=True, allow_none=True)


class AgreementSchema(_AgreementStatesSchema):  # type: ignore[misc,valid-type]  # made of columns
    """The agreement of a project."""

    number = _text()
    legal_commitment = _text()
    operator_reference = _text()
    purpose = _text()
    amount_cents = _cents()
    document_sha256 = _text()
    end_reason = _text()


class InstalmentSchema(_InstalmentStatesSchema):  # type: ignore[misc,valid-type]  # made of columns
    """An instalment of an agreement."""

    amount_cents = _cents()
    statement_cents = _cents()
    payment_reference = _text()

"""Schemas of agreements. Amounts are integer cents; null for whoever reads states alone."""

from typing import Any

from marshmallow import fields, validate

from portal.funding.agreements.forms import (
    AgreementForm,
    AmendmentForm,
    CloseAgreementForm,
    ReplaceSignedDocumentForm,
    SignatureForm,
)
from portal.funding.agreements.models import (
    NAME_MAX,
    PARTIES_MAX,
    TEXT_MAX,
    AgreementAmendment,
    FundingAgreement,
)
from portal.funding.agreements.money_rules import AMOUNT_MAX
from portal.platform.web.api_bodies import form_schema
from portal.platform.web.api_columns import row_schema
from portal.platform.web.api_fields import ApiSchema, day, id_, integer, line

# What coaches do not read: amounts, texts and documents.
COUNTED_AGREEMENT = (
    *("number", "legal_commitment", "operator_reference", "purpose", "parties", "amount_cents"),
    *("document_id", "document_sha256", "end_reason"),
)
CENTS_MAX = 2**53
QUERY_MAX = 100
SIRET_MAX = 20  # with its spaces
AMENDMENTS_MAX = 999
_ANSWER: dict[str, Any] = {"dump_only": True, "allow_none": True}
_AgreementStatesSchema = row_schema(
    "_AgreementStatesSchema",
    FundingAgreement,
    *("state", "starts_on", "ends_on", "signed_on", "committed_at", "ended_on"),
)


def response_amount_field() -> fields.Field[Any]:
    """An amount of an answer."""
    return integer(-CENTS_MAX, CENTS_MAX, "Null where amounts are not for the reader.", **_ANSWER)


def request_amount_field(about: str = "In cents.", **options: Any) -> fields.Field[Any]:
    """An amount of a body, over zero."""
    return integer(1, AMOUNT_MAX, about, **options or {"required": True})


def output_text_field() -> fields.String:
    """A text of an answer."""
    return fields.String(**_ANSWER)


class PartySchema(ApiSchema):
    """A party to an agreement."""

    name = line(NAME_MAX, required=True)
    siret = line(SIRET_MAX, "Fourteen digits.", required=True)


class AgreementSchema(_AgreementStatesSchema):  # type: ignore[misc,valid-type]  # made of columns
    """The agreement of a project."""

    number = output_text_field()
    legal_commitment = output_text_field()
    operator_reference = output_text_field()
    purpose = output_text_field()
    parties = fields.List(fields.Nested(PartySchema), **_ANSWER)
    amount_cents = response_amount_field()
    document_id = id_("The file that is the signed document.", **_ANSWER)
    document_sha256 = output_text_field()
    end_reason = output_text_field()


class ListedAgreementSchema(AgreementSchema):
    """An agreement in a list, with its project."""

    project = fields.String(dump_only=True)


class AgreementQuerySchema(ApiSchema):
    """Which agreements are listed."""

    q = line(QUERY_MAX, "Part of a number, a reference or a name.")


_AmendmentColumnsSchema = row_schema(
    "_AmendmentColumnsSchema", AgreementAmendment, "signed_on", "changes", "reason", "author_id"
)


class AmendmentSchema(_AmendmentColumnsSchema):  # type: ignore[misc,valid-type]  # made of columns
    """An amendment of an agreement."""

    document_id = id_("The file that is its signed document.", **_ANSWER)
    document_sha256 = output_text_field()


AgreementBodySchema = form_schema(
    "AgreementBodySchema",
    AgreementForm,
    parties=fields.List(
        fields.Nested(PartySchema), load_default=list, validate=validate.Length(max=PARTIES_MAX)
    ),
    amount_cents=request_amount_field(load_default=None, allow_none=True),
)
SignatureSchema = form_schema(
    "SignatureSchema",
    SignatureForm,
    "file",
    document=id_("A file attached to the agreement.", required=True),
)
SignedDocumentSchema = form_schema(
    "SignedDocumentSchema",
    ReplaceSignedDocumentForm,
    "file",
    document=id_("A file attached to the agreement.", required=True),
    amendment=integer(1, AMENDMENTS_MAX, "Of an amendment: its number.", load_default=None, allow_none=True),
)
AmendmentBodySchema = form_schema(
    "AmendmentBodySchema",
    AmendmentForm,
    amount_cents=request_amount_field("The new amount in cents.", load_default=None, allow_none=True),
    ends_on=day("The new end.", load_default=None, allow_none=True),
    purpose=line(TEXT_MAX, "The new purpose.", load_default=None, allow_none=True),
)
EndAgreementSchema = form_schema("EndAgreementSchema", CloseAgreementForm)

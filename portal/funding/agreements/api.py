"""Operations on agreements: states for readers of the project, amounts for few."""

from typing import Any

from portal.funding.agreements import amendment_commands, commands, policy, queries
from portal.funding.agreements.amendment_commands import AmendmentFacts
from portal.funding.agreements.commands import AgreementFacts, ReplacementDocument, Signature
from portal.funding.agreements.models import AgreementAmendment, FundingAgreement
from portal.funding.agreements.schemas import (
    COUNTED_AGREEMENT,
    AgreementBodySchema,
    AgreementQuerySchema,
    AgreementSchema,
    AmendmentBodySchema,
    AmendmentSchema,
    EndAgreementSchema,
    ListedAgreementSchema,
    SignatureSchema,
    SignedDocumentSchema,
)
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage, key_by_fields
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import PER_PAGE

area = ApiArea("funding")
AGREEMENT = "/projects/<slug>/agreement"


@area.list("/programmes/<programme>/agreements", ListedAgreementSchema, query=AgreementQuerySchema)
def list_agreements(call: ApiCall, programme: str) -> ApiPage:
    """List the agreements of a programme that one handles."""
    handled, q = queries.get_handled_programme(call.actor, programme), call.query.get("q", "")
    lines = call.page.gather_portal_pages(
        lambda page: queries.list_agreements(call.actor, q, page, handled),
        PER_PAGE,
        key_by_fields("agreement.id"),
    )
    rows = [_describe_agreement(line.agreement) | {"project": line.project.slug} for line in lines.rows]
    return ApiPage(rows, lines.next_after)


@area.get(AGREEMENT, AgreementSchema)
def get_agreement(call: ApiCall, slug: str) -> dict[str, Any]:
    """Read the agreement of a project."""
    project = queries.get_project_with_readable_funding_states(call.actor, slug)
    hidden = () if policy.reads_amounts(call.actor, project) else COUNTED_AGREEMENT
    return _describe_agreement(queries.get_agreement(project)) | dict.fromkeys(hidden)


@area.list(f"{AGREEMENT}/amendments", AmendmentSchema)
def list_amendments(call: ApiCall, slug: str) -> ApiPage:
    """List the amendments of an agreement, latest first."""
    agreement = queries.get_agreement(queries.get_project_with_readable_amounts(call.actor, slug))
    rows = [_describe_amendment(agreement, row) for row, _author in queries.list_amendments(agreement)]
    return call.page.cut_whole_list(rows)


def _describe_amendment(agreement: FundingAgreement, row: AgreementAmendment) -> dict[str, Any]:
    signed = (agreement.amendment_documents or {}).get(str(row.number), {})
    values = {name: getattr(row, name, None) for name in AmendmentSchema().fields}
    return values | {"document_id": signed.get("file"), "document_sha256": signed.get("sha256")}


@area.change(AGREEMENT, AgreementSchema, body=AgreementBodySchema)
def save_agreement(call: ApiCall, slug: str) -> dict[str, Any]:
    """Prepare the agreement of a project; `If-Match: "0"` for a new one."""
    project = queries.get_project_with_readable_amounts(call.actor, slug)
    parties = [(each["name"], each["siret"]) for each in call.body["parties"]]
    values = call.body | {"parties": parties, "amount_cents": call.body["amount_cents"] or 0}
    return _describe_agreement(
        commands.save_agreement(call.actor, project, AgreementFacts(**values), call.version)
    )


@area.act(f"{AGREEMENT}/sign", AgreementSchema, body=SignatureSchema, is_versioned=True)
def sign_agreement(call: ApiCall, slug: str) -> dict[str, Any]:
    """Note the signature of an agreement: its amount is committed."""
    project, agreement = _get_project_and_agreement(call, slug)
    signature = Signature(call.body["signed_on"], call.body["document"])
    commands.sign_agreement(call.actor, project, agreement, signature, call.version)
    return _describe_agreement(agreement)


@area.act(f"{AGREEMENT}/document", AgreementSchema, body=SignedDocumentSchema, is_versioned=True)
def choose_signed_document(call: ApiCall, slug: str) -> dict[str, Any]:
    """Replace the signed document by another file, with why, or join that of an amendment."""
    project, agreement = _get_project_and_agreement(call, slug)
    other = ReplacementDocument(call.body["document"], call.body["reason"], call.body["amendment"])
    commands.replace_signed_document(call.actor, project, agreement, other, call.version)
    return _describe_agreement(agreement)


@area.act(f"{AGREEMENT}/amend", AgreementSchema, body=AmendmentBodySchema, is_versioned=True)
def amend_agreement(call: ApiCall, slug: str) -> dict[str, Any]:
    """Amend a signed agreement; what is null does not change."""
    project, agreement = _get_project_and_agreement(call, slug)
    amendment_commands.amend_agreement(
        call.actor, project, agreement, AmendmentFacts(**call.body), call.version
    )
    return _describe_agreement(agreement)


@area.act(f"{AGREEMENT}/end", AgreementSchema, body=EndAgreementSchema, is_versioned=True)
def end_agreement(call: ApiCall, slug: str) -> dict[str, Any]:
    """Close an agreement all of whose instalments are paid or refused."""
    project, agreement = _get_project_and_agreement(call, slug)
    commands.end_agreement(call.actor, project, agreement, call.body["reason"], call.version)
    return _describe_agreement(agreement)


def _get_project_and_agreement(call: ApiCall, slug: str) -> tuple[Project, FundingAgreement]:
    project = queries.get_project_with_readable_amounts(call.actor, slug)
    return project, queries.get_agreement(project)


def _describe_agreement(agreement: FundingAgreement) -> dict[str, Any]:
    values = {name: getattr(agreement, name) for name in AgreementSchema().fields}
    return values | {"parties": [{"name": name, "siret": siret} for name, siret in agreement.parties]}

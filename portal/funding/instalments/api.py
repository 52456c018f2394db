"""Operations on instalments and the ledger: states for readers of the project, amounts for few."""

from typing import Any

from portal.funding.agreements import policy, queries
from portal.funding.agreements.models import OVER, FundingAgreement, Instalment
from portal.funding.agreements.queries import LoadedInstalment
from portal.funding.instalments import commands, document_commands, payment_commands, plan_commands, schemas
from portal.funding.instalments.plan_commands import InstalmentFacts
from portal.funding.instalments.queries import (
    InstalmentWithNeeds,
    list_editions,
    list_steps,
    read_instalment_with_needs,
    read_instalments_with_needs,
)
from portal.funding.instalments.rules import LackKind, find_whose_turn, is_no_longer_owed
from portal.funding.ledger.queries import list_latest_entries
from portal.platform.kernel.access import Actor
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage, key_by_fields
from portal.project.projects.models import Project
from portal.project.projects.numbered_api import NumberedApi

area = ApiArea("funding")
INSTALMENTS = "/projects/<slug>/instalments"
INSTALMENT = f"{INSTALMENTS}/<int(max=9999):number>"


def _get_instalment(actor: Actor, project: Project, number: int) -> LoadedInstalment:
    return queries.get_instalment(actor, project.slug, number)


def _describe_numbered_instalment(actor: Actor, project: Project, number: int) -> dict[str, Any]:
    _project, agreement, row = _get_instalment(actor, project, number)
    return _describe_instalment(actor, project, agreement, read_instalment_with_needs(project, row))


def _describe_instalment(
    actor: Actor, project: Project, agreement: FundingAgreement, view: InstalmentWithNeeds
) -> dict[str, Any]:
    """An instalment with what it lacks; without amounts and documents for whoever reads states alone."""
    sees_amounts, row = policy.reads_amounts(actor, project), view.row
    lacks = [
        {"kind": lack.kind, "gate": lack.gate, "name": None, "due_on": lack.due_on}
        if lack.kind in {LackKind.GATE, LackKind.STALE_GATE}
        else {"kind": lack.kind, "gate": None, "name": lack.name, "due_on": lack.due_on}
        for lack in (() if row.state in OVER or not agreement.is_prepared_or_in_force else view.lacks)
        if sees_amounts or lack.kind in {LackKind.GATE, LackKind.STALE_GATE}
    ]
    values = {name: getattr(row, name, None) for name in schemas.InstalmentSchema().fields}
    values |= {
        "turn": find_whose_turn(agreement, row),
        "lacks": lacks,
        "is_released": is_no_longer_owed(agreement, row),
    }
    values["documents"] = [each.row for each in view.documents]
    return values | dict.fromkeys(() if sees_amounts else schemas.COUNTED_INSTALMENT)


@area.list(INSTALMENTS, schemas.InstalmentSchema)
def list_instalments(call: ApiCall, slug: str) -> ApiPage:
    """List the instalments of a project, in their order."""
    project = queries.get_project_with_readable_funding_states(call.actor, slug)
    agreement, page = (
        queries.find_agreement(project),
        call.page.cut_whole_list(read_instalments_with_needs(project), key_by_fields("row.id")),
    )
    rows = (
        [_describe_instalment(call.actor, project, agreement, view) for view in page.rows]
        if agreement
        else []
    )
    return ApiPage(rows, page.next_after)


instalments = NumberedApi(
    area,
    "instalments",
    ("instalment", "instalments"),
    Instalment,
    schemas.InstalmentSchema,
    _get_instalment,
    _describe_numbered_instalment,
    queries.get_project_with_readable_funding_states,
).gets()
instalments.acts("ask", "ask_instalment", "Ask for an instalment.", commands.request_instalment)
instalments.acts(
    "return",
    "return_instalment",
    "Return an instalment, with what is missing.",
    commands.return_instalment,
    schemas.ReturnInstalmentSchema,
)
instalments.acts(
    "refuse",
    "refuse_instalment",
    "Refuse an instalment for good.",
    commands.refuse_instalment,
    schemas.WhyInstalmentSchema,
)
instalments.acts(
    "check",
    "check_instalment",
    "Check an instalment, as another person than who asked.",
    commands.check_instalment,
    schemas.CheckInstalmentSchema,
    is_personal=True,
)
instalments.acts(
    "wait",
    "defer_instalment",
    "Wait for a gate that went stale.",
    commands.defer_instalment,
    schemas.WhyInstalmentSchema,
)
instalments.acts(
    "pay",
    "pay_instalment",
    "Note a payment, as another person than who checked; asked again where a document changed.",
    payment_commands.pay_instalment,
    schemas.PaymentSchema,
    is_personal=True,
    asks_again=True,
)
instalments.acts(
    "fail",
    "fail_payment",
    "Note that a payment came back.",
    payment_commands.note_payment_failure,
    schemas.WhyInstalmentSchema,
    asks_again=True,
)
instalments.acts(
    "documents",
    "hand_in_document",
    "Say which attached file is a document that the instalment needs.",
    document_commands.hand_in_document,
    schemas.HandInDocumentSchema,
    names={"document_id": "document", "attachment_id": "file"},
)
instalments.acts(
    "statement",
    "state_expenses",
    "Prepare the statement of expenses.",
    document_commands.prepare_expense_statement,
    schemas.SaveExpenseStatementSchema,
    names={"amount": "statement_cents"},
)
instalments.acts(
    "certify",
    "certify_expenses",
    "Certify the statement of expenses, as another person than who prepared it.",
    document_commands.certify_expenses,
    is_personal=True,
)
instalments.deletes(
    "remove_instalment",
    "Remove an instalment from a plan that is not signed.",
    plan_commands.remove_instalment,
)


@area.create(INSTALMENTS, schemas.InstalmentSchema, body=schemas.InstalmentBodySchema)
def plan_instalment(call: ApiCall, slug: str) -> dict[str, Any]:
    """Add an instalment to an agreement that is not signed."""
    project = queries.get_project_with_readable_amounts(call.actor, slug)
    agreement = queries.get_agreement(project)
    row = plan_commands.plan_instalment(call.actor, project, agreement, _read_instalment_facts(call))
    call.location = f"/projects/{slug}/instalments/{row.number}"
    return _describe_numbered_instalment(call.actor, project, row.number)


@area.change(INSTALMENT, schemas.InstalmentSchema, body=schemas.ChangeInstalmentSchema)
def change_instalment(call: ApiCall, slug: str, number: int) -> dict[str, Any]:
    """Change amount and conditions of an instalment; the last planned one makes up the sum."""
    loaded, reason = queries.get_instalment(call.actor, slug, number), call.body.pop("reason")
    plan_commands.change_instalment(call.actor, loaded, _read_instalment_facts(call), call.version, reason)
    return _describe_numbered_instalment(call.actor, loaded.project, number)


def _read_instalment_facts(call: ApiCall) -> InstalmentFacts:
    documents = [(each["name"], each["due_on"]) for each in call.body["documents"]]
    return InstalmentFacts(**call.body | {"documents": documents})


@area.act(
    "/projects/<slug>/agreement/shares",
    schemas.InstalmentPlanSchema,
    body=schemas.ShareOutAgreementSchema,
    is_versioned=True,
    read_by=("get_agreement",),
)
def share_out_agreement(call: ApiCall, slug: str) -> dict[str, Any]:
    """Plan instalments by shares of the agreement's amount, whose version is in `If-Match`."""
    project = queries.get_project_with_readable_amounts(call.actor, slug)
    agreement = queries.get_agreement(project)
    plan_commands.plan_instalments_by_shares(
        call.actor, project, agreement, call.body["shares"], call.version
    )
    views = read_instalments_with_needs(project)
    return {"instalments": [_describe_instalment(call.actor, project, agreement, view) for view in views]}


@area.list(f"{INSTALMENT}/steps", schemas.InstalmentStepSchema)
def list_instalment_steps(call: ApiCall, slug: str, number: int) -> ApiPage:
    """List who did what with an instalment, latest first."""
    row = queries.get_instalment_with_readable_amounts(call.actor, slug, number).row
    return call.page.cut_whole_list([step for step, _name in list_steps(row)])


@area.list(f"{INSTALMENT}/editions", schemas.InstalmentEditionSchema)
def list_instalment_editions(call: ApiCall, slug: str, number: int) -> ApiPage:
    """List what the plan said of an instalment, the first edition first; none before its first change."""
    row = queries.get_instalment_with_readable_amounts(call.actor, slug, number).row
    return call.page.cut_whole_list(list_editions(row))


@area.list("/projects/<slug>/ledger", schemas.LedgerEntrySchema)
def list_ledger_entries(call: ApiCall, slug: str) -> ApiPage:
    """List the latest 200 entries of a project's ledger, latest first."""
    return call.page.cut_whole_list(
        [
            entry
            for entry, _author, _number in list_latest_entries(
                queries.get_project_with_readable_amounts(call.actor, slug)
            )
        ]
    )

"""Operations on change requests and on a programme's terms of funding."""

from typing import Any

from portal.funding.agreements.queries import (
    get_agreement,
    get_handled_programme,
    get_project_with_readable_amounts,
)
from portal.funding.change_requests import commands, decision_commands, queries, schemas, terms_commands
from portal.funding.change_requests.commands import ChangeFacts
from portal.funding.change_requests.models import ChangeMessage, FundingChange, FundingChangeKind
from portal.funding.change_requests.queries import LoadedChange
from portal.funding.change_requests.terms_commands import FundingTermsFacts
from portal.platform.kernel.access import Actor
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage
from portal.project.projects.models import Project
from portal.project.projects.numbered_api import NumberedApi

area = ApiArea("funding")
CHANGES = "/projects/<slug>/change-requests"
MESSAGES = f"{CHANGES}/<int(max=9999):number>/messages"
TERMS = "/programmes/<programme>/funding-terms"


def _get_change(actor: Actor, project: Project, number: int) -> LoadedChange:
    return queries.get_change(actor, project.slug, number)


def _describe_numbered_change(actor: Actor, project: Project, number: int) -> dict[str, Any]:
    return _describe_change(_get_change(actor, project, number).row)


def _describe_change(row: FundingChange) -> dict[str, Any]:
    values = {name: getattr(row, name, None) for name in schemas.ChangeRequestSchema().fields}
    return values | {"decisions": [decision for decision, _name in queries.list_decisions(row)]}


@area.list(CHANGES, schemas.ChangeRequestSchema)
def list_change_requests(call: ApiCall, slug: str) -> ApiPage:
    """List the change requests of a project, latest first."""
    listed = queries.list_requests_with_decision(get_project_with_readable_amounts(call.actor, slug))
    page = call.page.cut_whole_list([row for row, _decision in listed])
    return ApiPage([_describe_change(row) for row in page.rows], page.next_after)


requests = NumberedApi(
    area,
    "change-requests",
    ("change_request", "change_requests"),
    FundingChange,
    schemas.ChangeRequestSchema,
    _get_change,
    _describe_numbered_change,
    get_project_with_readable_amounts,
).gets()
requests.acts("examine", "examine_change_request", "Take a change request in hand.", commands.examine_change)
requests.acts(
    "confirm",
    "confirm_change_request",
    "Confirm an abandonment, as the sponsor of the project.",
    commands.confirm_abandonment,
    is_personal=True,
)
requests.acts(
    "withdraw",
    "withdraw_change_request",
    "Withdraw a change request that is not decided.",
    commands.withdraw_change,
)
requests.acts(
    "decide",
    "decide_change_request",
    "Grant or refuse a change request.",
    decision_commands.decide_change,
    schemas.ChangeAnswerSchema,
    is_personal=True,
)
requests.acts(
    "correct",
    "correct_change_request",
    "Correct a decision by a new one.",
    decision_commands.correct_decision,
    schemas.ChangeAnswerSchema,
    is_personal=True,
)
requests.acts("apply", "apply_change_request", "Apply what was granted.", decision_commands.apply_change)


@area.create(CHANGES, schemas.ChangeRequestSchema, body=schemas.ChangeRequestBodySchema)
def file_change_request(call: ApiCall, slug: str) -> dict[str, Any]:
    """File a change request; only the field of its kind counts."""
    project = get_project_with_readable_amounts(call.actor, slug)
    agreement = get_agreement(project)
    row = decision_commands.file_or_note_change_request(
        call.actor, project, agreement, ChangeFacts(**call.body)
    )
    call.location = f"/projects/{slug}/change-requests/{row.number}"
    return _describe_change(row)


@area.list(MESSAGES, schemas.ChangeMessageSchema)
def list_change_messages(call: ApiCall, slug: str, number: int) -> ApiPage:
    """List the messages about a change request."""
    row = queries.get_change(call.actor, slug, number).row
    return call.page.cut_whole_list([message for message, _author in queries.list_messages(row)])


@area.create(MESSAGES, schemas.ChangeMessageSchema, body=schemas.ChangeMessageBodySchema)
def write_change_message(call: ApiCall, slug: str, number: int) -> ChangeMessage:
    """Write about a change request."""
    call.location = f"/projects/{slug}/change-requests/{number}/messages"
    return commands.write_message(call.actor, queries.get_change(call.actor, slug, number), call.body["body"])


@area.get(TERMS, schemas.FundingTermsSchema)
def get_funding_terms(call: ApiCall, programme: str) -> dict[str, Any]:
    """Read what a programme sets for its funding; version 0 while the defaults hold."""
    return _read_programme_terms(call, programme)


@area.change(TERMS, schemas.FundingTermsSchema)
def set_funding_terms(call: ApiCall, programme: str) -> dict[str, Any]:
    """Set what a programme does with change requests and recoveries; `If-Match: "0"` the first time."""
    handled, body = get_handled_programme(call.actor, programme), call.body
    modes = {kind: body[kind.value] for kind in FundingChangeKind}
    others = {name: value for name, value in body.items() if name not in set(FundingChangeKind)}
    facts = FundingTermsFacts(modes=modes, **others)
    terms_commands.set_funding_terms(call.actor, handled, facts, call.version)
    return _read_programme_terms(call, programme)


def _read_programme_terms(call: ApiCall, programme: str) -> dict[str, Any]:
    return queries.read_funding_terms(get_handled_programme(call.actor, programme))

"""Operations on applications, for whoever may read them. No score is in them."""

from typing import Any

from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage
from portal.project.projects.numbered_queries import PER_PAGE
from portal.selection.applications import application_schemas as schemas
from portal.selection.applications import commands, queries
from portal.selection.applications.commands import ApplicationFacts
from portal.selection.applications.list_queries import ApplicationFilters, list_applications
from portal.selection.applications.models import NUMBER_MAX, ApplicationMessage
from portal.selection.applications.queries import LoadedApplication
from portal.selection.applications.rules import NamedMember
from portal.selection.applications.schemas import ApplicationQuerySchema
from portal.selection.calls.api import CALL
from portal.selection.calls.queries import get_programme_and_led_call

area = ApiArea("selection")
APPLICATION = f"{CALL}/applications/<int(max={NUMBER_MAX}):application>"


@area.list(f"{CALL}/applications", schemas.ApplicationLineSchema, query=ApplicationQuerySchema)
def list_call_applications(call: ApiCall, programme: str, number: int) -> ApiPage:
    """List the applications of a call, for its leads."""
    _programme, row = get_programme_and_led_call(call.actor, programme, number)
    filters = ApplicationFilters(**call.query)
    return call.page.gather_portal_pages(
        lambda page: list_applications(call.actor, row, filters, page), PER_PAGE
    )


@area.get(APPLICATION, schemas.ApplicationSchema)
def get_application(call: ApiCall, programme: str, number: int, application: int) -> dict[str, Any]:
    """Read an application, for its leads and its jurors."""
    return dump_application(queries.get_known_application(call.actor, programme, number, application))


def dump_application(loaded: LoadedApplication) -> dict[str, Any]:
    """What an operation answers of an application; its title alone where no more is read."""
    row, whole = loaded.application, loaded.rights.reads_whole
    hidden = ("state", "received_on", *schemas.TEXTS, *schemas.CONTACTS)
    names = ("id", "number", "created_at", "organisation", "title", *hidden)
    values = {name: None if name in hidden and not whole else getattr(row, name) for name in names}
    version = row.version if whole else 0  # what grows tells that something happened
    return values | {"reads_whole": whole, "version": version}


@area.create(f"{CALL}/applications", schemas.ApplicationSchema, body=schemas.ApplicationBodySchema)
def add_application(call: ApiCall, programme: str, number: int) -> dict[str, Any]:
    """Type in an application."""
    row = commands.enter_application_by_hand(
        call.actor,
        get_programme_and_led_call(call.actor, programme, number)[1],
        _read_application_facts(call),
    )
    call.location = f"/programmes/{programme}/calls/{number}/applications/{row.number}"
    return dump_application(queries.get_known_application(call.actor, programme, number, row.number))


@area.change(APPLICATION, schemas.ApplicationSchema, body=schemas.ApplicationBodySchema)
def change_application(call: ApiCall, programme: str, number: int, application: int) -> dict[str, Any]:
    """Change what an application says, until the jury examines it."""
    loaded = queries.get_led_application(call.actor, programme, number, application)
    commands.change_application(call.actor, loaded, _read_application_facts(call), call.version)
    return dump_application(loaded)


def _read_application_facts(call: ApiCall) -> ApplicationFacts:
    members = [NamedMember(**each) for each in call.body["members"]]
    return ApplicationFacts(**call.body | {"members": members})


@area.act(
    f"{APPLICATION}/eligibility",
    schemas.ApplicationSchema,
    body=schemas.JudgeEligibilitySchema,
    is_versioned=True,
)
def judge_eligibility(call: ApiCall, programme: str, number: int, application: int) -> dict[str, Any]:
    """Judge whether an application is eligible."""
    loaded, body = queries.get_led_application(call.actor, programme, number, application), call.body
    commands.judge_eligibility(
        call.actor,
        loaded,
        set(body["conditions_met"]),
        body["reason"],
        is_eligible=body["is_eligible"],
        version=call.version,
    )
    return dump_application(loaded)


@area.act(
    f"{APPLICATION}/withdraw", schemas.ApplicationSchema, body=schemas.WithdrawalSchema, is_versioned=True
)
def withdraw_application(call: ApiCall, programme: str, number: int, application: int) -> dict[str, Any]:
    """Note that the applicant withdrew."""
    loaded = queries.get_led_application(call.actor, programme, number, application)
    commands.withdraw_application(call.actor, loaded, call.body["reason"], call.version)
    return dump_application(loaded)


@area.act(f"{APPLICATION}/withdraw/undo", schemas.ApplicationSchema, is_versioned=True)
def undo_withdrawal(call: ApiCall, programme: str, number: int, application: int) -> dict[str, Any]:
    """Take back the withdrawal that one noted, while the call is open."""
    loaded = queries.get_led_application(call.actor, programme, number, application)
    commands.undo_withdrawal(call.actor, loaded, call.version)
    return dump_application(loaded)


@area.list(f"{APPLICATION}/messages", schemas.ApplicationMessageSchema)
def list_application_messages(call: ApiCall, programme: str, number: int, application: int) -> ApiPage:
    """List the messages between leads and jurors about an application."""
    loaded = queries.get_readable_application(call.actor, programme, number, application)
    return call.page.cut_whole_list(
        [message for message, _author in queries.list_messages(call.actor, loaded)]
    )


@area.create(
    f"{APPLICATION}/messages",
    schemas.ApplicationMessageSchema,
    body=schemas.ApplicationMessageBodySchema,
)
def write_application_message(
    call: ApiCall, programme: str, number: int, application: int
) -> ApplicationMessage:
    """Write to the leads and jurors of an application."""
    loaded = queries.get_readable_application(call.actor, programme, number, application)
    call.location = f"/programmes/{programme}/calls/{number}/applications/{application}/messages"
    return commands.write_message(call.actor, loaded, call.body["body"])

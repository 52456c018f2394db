"""Operations on the thresholds of a programme's signals, and on who follows a raised signal."""

from typing import Any

from portal.oversight.health import charge_commands, queries, terms_commands
from portal.oversight.health import terms_schemas as schemas
from portal.oversight.health.charge_queries import find_last_charge
from portal.oversight.health.definition_rules import SignalCode, SignalDefinition, Thresholds
from portal.people.programmes.queries import get_programme
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage, key_by_fields
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project

area = ApiArea("oversight")
SIGNALS = "/programmes/<programme>/signals"
CHARGE = "/projects/<slug>/health/<signal>/charge"


@area.list(SIGNALS, schemas.SignalTermsSchema)
def list_signal_terms(call: ApiCall, programme: str) -> ApiPage:
    """List from which numbers on each signal is raised in a programme."""
    opened = get_programme(call.actor, programme)
    return call.page.cut_whole_list(
        [_describe_signal(each) for each in queries.read_definitions(opened.id).values()],
        key_by_fields("code"),
    )


@area.get(f"{SIGNALS}/<signal>", schemas.SignalTermsSchema)
def get_signal_terms(call: ApiCall, programme: str, signal: str) -> dict[str, Any]:
    """Read from which numbers on a signal is raised in a programme."""
    return _describe_signal(queries.get_definition(get_programme(call.actor, programme).id, signal))


@area.list("/programmes/<programme>/signal-editions", schemas.SignalEditionSchema)
def list_signal_editions(call: ApiCall, programme: str) -> ApiPage:
    """List what a programme changed at its signals, the latest first, with the reasons."""
    opened = get_programme(call.actor, programme)
    return call.page.cut_whole_list(
        [each.edition.row for each in queries.list_signal_definition_changes(opened.id)]
    )


@area.change(f"{SIGNALS}/<signal>", schemas.SignalTermsSchema, body=schemas.SignalTermsChangedSchema)
def change_signal_terms(call: ApiCall, programme: str, signal: str) -> dict[str, Any]:
    """Change from which numbers on a signal is raised; refused until the teams that move are known."""
    opened = get_programme(call.actor, programme)
    terms_commands.require_can_set_terms(call.actor, opened)
    terms_commands.change_terms(
        call.actor,
        opened,
        queries.get_definition(opened.id, signal).code,
        Thresholds(**call.values("watch", "alert")),
        read_edition=call.version,
        **call.values("because", "knowingly"),
    )
    return _describe_signal(queries.get_definition(opened.id, signal))


@area.get(CHARGE, schemas.SignalChargeSchema)
def get_signal_charge(call: ApiCall, slug: str, signal: str) -> dict[str, Any]:
    """Read who follows a signal of a project, or followed it last; version 0 if nobody ever did."""
    project = get_project(call.actor, slug)
    return _describe_charge(project, queries.get_definition(project.programme_id, signal).code)


@area.act(CHARGE, schemas.SignalChargeSchema, body=schemas.ChargeTakenSchema, is_versioned=True)
def take_charge_of_signal(call: ApiCall, slug: str, signal: str) -> dict[str, Any]:
    """Follow a raised signal until a day, as a coach or lead; `If-Match: "0"` if nobody ever did."""
    project = get_project(call.actor, slug)
    charge_commands.require_can_take_charge(call.actor, project)
    code = queries.get_definition(project.programme_id, signal).code
    charge_commands.take_charge(call.actor, project, code, **call.body, read_edition=call.version)
    return _describe_charge(project, code)


@area.delete(CHARGE, is_versioned=True)
def release_signal(call: ApiCall, slug: str, signal: str) -> None:
    """Let a signal go that somebody follows: it is new again."""
    project = get_project(call.actor, slug)
    charge_commands.require_can_take_charge(call.actor, project)
    code = queries.get_definition(project.programme_id, signal).code
    charge_commands.end_signal_charge(call.actor, project, code, read_edition=call.version)


def _describe_charge(project: Project, code: SignalCode) -> dict[str, Any]:
    """The last charge of a signal, without text or days where there is none."""
    charge = find_last_charge(project, code)
    if charge is None:
        return {"code": code, "version": 0}
    return vars(charge) | {"taken_on": charge.on, "version": charge.edition}


def _describe_signal(signal: SignalDefinition) -> dict[str, Any]:
    return vars(signal.thresholds) | {"code": signal.code, "unit": signal.unit, "version": signal.edition}

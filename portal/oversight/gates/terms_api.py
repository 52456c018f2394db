"""Operations on what a programme asks at its gates: terms, names, order, who accepts them and when.

`If-Match` has the edition that was read. A change that moves teams is refused until `knowingly`.
"""

from collections.abc import Callable
from typing import Any

from portal.oversight.gates import definition_queries, policy, programme_gate_commands, terms_commands
from portal.oversight.gates import terms_schemas as schemas
from portal.oversight.gates.definition_rules import GateDefinition, GateTermsValues, count_editions
from portal.oversight.gates.programme_gate_commands import GateChangeReason, GateContent, GateMonthAndAcceptor
from portal.oversight.gates.programme_gate_forms import list_predicate_library
from portal.people.programmes.models import Programme
from portal.people.programmes.queries import get_programme
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage, key_by_fields

area = ApiArea("oversight")
GATES = "/programmes/<programme>/gates"
GATE = f"{GATES}/<int(max=23):gate>"
ASSIGNMENTS = "/programmes/<programme>/gate-assignments"


@area.list(GATES, schemas.ProgrammeGateSchema)
def list_programme_gates(call: ApiCall, programme: str) -> ApiPage:
    """List the gates of a programme in its order, then those that it leaves out."""
    opened = get_programme(call.actor, programme)
    applied = definition_queries.list_definitions(opened.id)
    left_out = definition_queries.list_left_out_gates(opened.id)
    lines = [_describe_gate(gate, place) for place, gate in enumerate(applied, 1)]
    return call.page.cut_whole_list(
        [*lines, *(_describe_gate(gate, None) for gate in left_out)], key_by_fields("number")
    )


@area.get(GATE, schemas.ProgrammeGateSchema)
def get_programme_gate(call: ApiCall, programme: str, gate: int) -> dict[str, Any]:
    """Read a gate of a programme."""
    return _get_and_describe_gate(get_programme(call.actor, programme), gate)


@area.list(f"{GATE}/editions", schemas.GateEditionSchema)
def list_gate_editions(call: ApiCall, programme: str, gate: int) -> ApiPage:
    """List what a programme changed at a gate, the latest first, with the reasons."""
    opened = get_programme(call.actor, programme)
    definition_queries.get_definition(opened.id, gate)
    return call.page.cut_whole_list(
        [each.row for each in definition_queries.list_gate_editions(opened.id, gate)]
    )


@area.change(f"{GATE}/terms", schemas.ProgrammeGateSchema, body=schemas.SetGateTermsSchema)
def change_gate_terms(call: ApiCall, programme: str, gate: int) -> dict[str, Any]:
    """Change the weight, the month, the acceptor and the thresholds of a gate."""
    opened = get_programme(call.actor, programme)
    terms_commands.require_can_set_terms(call.actor, opened)
    present = definition_queries.get_definition_unless_left_out(opened.id, gate)
    if unknown := call.body["thresholds"].keys() - present.thresholds.keys():
        keys = ", ".join(sorted(unknown))
        raise RuleBroken("thresholds", _("Ce jalon n’a pas ces seuils : %(keys)s.", keys=keys))
    terms_commands.change_terms(
        call.actor,
        opened,
        gate,
        GateTermsValues(
            **call.values("weight", "month", "acceptor", "track"),
            thresholds={**present.thresholds, **call.body["thresholds"]},
        ),
        because=call.body["because"],
        read_edition=call.version,
        knowingly=call.body["knowingly"],
    )
    return _get_and_describe_gate(opened, gate)


@area.create(GATES, schemas.ProgrammeGateSchema, body=schemas.NewGateSchema)
def add_gate(call: ApiCall, programme: str) -> dict[str, Any]:
    """Add a gate to a programme, after the others."""
    opened = get_programme(call.actor, programme)
    added = programme_gate_commands.add_gate(
        call.actor,
        opened,
        _read_gate_content(call),
        weight=call.body["weight"],
        assignment=GateMonthAndAcceptor(**call.values("month", "acceptor", "track")),
        change=_read_gate_change_reason(call),
    )
    call.location = f"/programmes/{programme}/gates/{added.number}"
    return _get_and_describe_gate(opened, added.number)


@area.change(GATE, schemas.ProgrammeGateSchema, body=schemas.EditGateContentSchema)
def edit_gate(call: ApiCall, programme: str, gate: int) -> dict[str, Any]:
    """Rename a gate, change what it asks, or move it among the others."""
    opened = _get_programme_to_set_terms(call, programme)
    definition_queries.get_definition_unless_left_out(opened.id, gate)
    content, position = _read_gate_content(call), call.body["position"]
    programme_gate_commands.edit_gate(
        call.actor, opened, gate, content, position=position, change=_read_gate_change_reason(call)
    )
    return _get_and_describe_gate(opened, gate)


@area.act(
    f"{GATE}/leave-out", schemas.ProgrammeGateSchema, body=schemas.GateChangeReasonSchema, is_versioned=True
)
def leave_gate_out(call: ApiCall, programme: str, gate: int) -> dict[str, Any]:
    """Leave a gate out of a programme; what was decided about it is kept."""
    return _run_leave_out_or_put_back(call, programme, gate, programme_gate_commands.leave_out_gate)


@area.act(
    f"{GATE}/put-back", schemas.ProgrammeGateSchema, body=schemas.GateChangeReasonSchema, is_versioned=True
)
def put_gate_back(call: ApiCall, programme: str, gate: int) -> dict[str, Any]:
    """Put a gate back that was left out."""
    return _run_leave_out_or_put_back(call, programme, gate, programme_gate_commands.put_back_gate)


@area.get(ASSIGNMENTS, schemas.GateMonthsAndAcceptorsSchema)
def get_gate_assignments(call: ApiCall, programme: str) -> dict[str, Any]:
    """Read when the gates of a programme are due, and who accepts them."""
    return _describe_months_and_acceptors(get_programme(call.actor, programme))


@area.change(ASSIGNMENTS, schemas.GateMonthsAndAcceptorsSchema, body=schemas.SetMonthsAndAcceptorsSchema)
def assign_gates(call: ApiCall, programme: str) -> dict[str, Any]:
    """Say when several gates are due, and who accepts them."""
    opened = get_programme(call.actor, programme)
    programme_gate_commands.require_can_set_up_gates(call.actor, opened)
    applied = {each.number for each in definition_queries.list_definitions(opened.id)}
    sent = {gate.pop("number"): GateMonthAndAcceptor(**gate) for gate in call.body["gates"]}
    if unknown := sent.keys() - applied:
        numbers = ", ".join(f"G{number}" for number in sorted(unknown))
        raise RuleBroken("gates", _("Ce programme n’a pas ces jalons : %(gates)s.", gates=numbers))
    programme_gate_commands.set_months_and_acceptors(call.actor, opened, sent, _read_gate_change_reason(call))
    return _describe_months_and_acceptors(opened)


def _get_programme_to_set_terms(call: ApiCall, slug: str) -> Programme:
    programme = get_programme(call.actor, slug)
    terms_commands.require_can_set_terms(call.actor, programme)
    return programme


def _run_leave_out_or_put_back(
    call: ApiCall, slug: str, gate: int, command: Callable[..., None]
) -> dict[str, Any]:
    opened = _get_programme_to_set_terms(call, slug)
    definition_queries.get_definition(opened.id, gate)
    command(call.actor, opened, gate, _read_gate_change_reason(call))
    return _get_and_describe_gate(opened, gate)


def _read_gate_change_reason(call: ApiCall) -> GateChangeReason:
    return GateChangeReason(read_edition=call.version, **call.values("because", "knowingly"))


def _read_gate_content(call: ApiCall) -> GateContent:
    picked, library = set(call.body["predicates"]), list_predicate_library()
    if unknown := picked - set(library):
        keys = ", ".join(sorted(unknown))
        raise RuleBroken("predicates", _("Aucune preuve n’a ce nom : %(keys)s.", keys=keys))
    return GateContent(
        **call.values("name_fr", "name_en"), predicates=[key for key in library if key in picked]
    )


def _get_and_describe_gate(programme: Programme, number: int) -> dict[str, Any]:
    gate = definition_queries.get_definition(programme.id, number)
    order = [each.number for each in definition_queries.list_definitions(programme.id)]
    return _describe_gate(gate, None if gate.is_left_out else order.index(number) + 1)


def _describe_gate(gate: GateDefinition, position: int | None) -> dict[str, Any]:
    names = ("number", "key", "name_fr", "name_en", "predicates", "is_left_out")
    values = {name: getattr(gate, name) for name in names}
    return vars(gate.terms) | values | {"version": gate.edition, "position": position}


def _describe_months_and_acceptors(programme: Programme) -> dict[str, Any]:
    every_gate = definition_queries.read_definitions_with_left_out([programme.id])[programme.id]
    tracks = definition_queries.read_track_names(programme.id)
    applied = [
        policy.with_resolved_acceptor(gate, tracks)
        for gate in definition_queries.list_definitions(programme.id)
    ]
    return {
        "version": count_editions(every_gate.values()),
        "gates": [vars(gate.terms) | {"number": gate.number} for gate in applied],
    }

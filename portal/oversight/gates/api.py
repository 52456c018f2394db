"""Operations on gates: where they stand, with their evidence; ask, accept, refuse, waive."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from portal.oversight.gates import commands, queries, reminder_commands
from portal.oversight.gates.history_queries import list_progress_over_time
from portal.oversight.gates.past_day_api import find_past_moment
from portal.oversight.gates.request_queries import find_open_request
from portal.oversight.gates.schemas import (
    DatedProgressSchema,
    GateAcceptSchema,
    GateDecisionReasonSchema,
    GateOfProjectSchema,
    GateStateSchema,
    GateStreamQuerySchema,
    PastDayQuerySchema,
    ProjectGatesProgressSchema,
)
from portal.oversight.gates.state_rules import GateSnapshot, ProjectGatesProgress, sum_progress
from portal.people.programmes.queries import get_programme
from portal.platform.kernel.errors import NotFound, require_row
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage, key_by_fields
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import iterate_project_batches_in_programme
from portal.project.projects.queries import get_project

area = ApiArea("oversight")
GATES = "/projects/<slug>/gates"
GATE = f"{GATES}/<int(max=23):gate>"


def _read_states(call: ApiCall, project: Project) -> Sequence[GateSnapshot]:
    until = find_past_moment(call, project)
    return queries.derive_states(project, queries.read_histories_until([project], until)[project.id], until)


def _get_gate_state(project: Project, gate: int) -> GateSnapshot:
    states = queries.read_states(project)
    state = next((state for state in states if state.definition.number == gate), None)
    if state is None:
        raise NotFound
    return state


@area.list(GATES, GateStateSchema, query=PastDayQuerySchema)
def list_gates(call: ApiCall, slug: str) -> ApiPage:
    """List the gates of a project, now or at the end of a past day."""
    return call.page.cut_whole_list(
        _read_states(call, get_project(call.actor, slug)), key_by_fields("definition.number")
    )


@area.get(
    "/programmes/<programme>/gate-states", GateOfProjectSchema, is_stream=True, query=GateStreamQuerySchema
)
def stream_gates(call: ApiCall, programme: str) -> Iterator[list[dict[str, Any]]]:
    """Read the gates of all projects of a programme, now or at the end of a past day, one a line."""
    opened = get_programme(call.actor, programme)
    until = find_past_moment(call, opened)
    for projects in iterate_project_batches_in_programme(call.actor, opened.id, call.query.get("after")):
        histories = queries.read_histories_until(projects, until)
        yield [
            {"project": project.slug, "project_id": project.id, "gate": state}
            for project in projects
            for state in queries.derive_states(project, histories[project.id], until)
        ]


@area.list(f"{GATES}/history", DatedProgressSchema)
def list_gate_history(call: ApiCall, slug: str) -> ApiPage:
    """List a project's progress every thirty days since its first, and today."""
    project = get_project(call.actor, slug)
    rows = list_progress_over_time(project, queries.read_project_gate_history(project))
    page = call.page.cut_whole_list(rows, key_by_fields("on"))
    return ApiPage([vars(row.numbers) | {"on": row.on} for row in page.rows], page.next_after)


@area.get(GATE, GateStateSchema)
def get_gate(call: ApiCall, slug: str, gate: int) -> GateSnapshot:
    """Read a gate: what is proved, what is missing and why, who decided what."""
    return _get_gate_state(get_project(call.actor, slug), gate)


@area.get("/projects/<slug>/progress", ProjectGatesProgressSchema, query=PastDayQuerySchema)
def get_progress(call: ApiCall, slug: str) -> ProjectGatesProgress:
    """Read a project's progress: declared, proved and accepted, now or at the end of a past day."""
    return sum_progress(_read_states(call, get_project(call.actor, slug)))


@area.act(f"{GATE}/declare", GateStateSchema)
def declare_gate(call: ApiCall, slug: str, gate: int) -> GateSnapshot:
    """Ask for a gate, for the team."""
    return _run_gate_command(call, slug, gate, commands.declare_gate)


@area.act(f"{GATE}/withdraw", GateStateSchema)
def withdraw_gate(call: ApiCall, slug: str, gate: int) -> GateSnapshot:
    """Withdraw what was asked."""
    return _run_gate_command(call, slug, gate, commands.withdraw_declaration)


@area.act(f"{GATE}/accept", GateStateSchema, body=GateAcceptSchema)
def accept_gate(call: ApiCall, slug: str, gate: int) -> GateSnapshot:
    """Accept a gate on the evidence that was read."""
    return _run_gate_command(
        call, slug, gate, commands.accept_gate, call.body["fingerprint"], call.body["note"]
    )


@area.act(f"{GATE}/refuse", GateStateSchema, body=GateDecisionReasonSchema)
def refuse_gate(call: ApiCall, slug: str, gate: int) -> GateSnapshot:
    """Refuse a gate, or take its acceptance back."""
    return _run_gate_command(call, slug, gate, commands.refuse_gate, call.body["reason"])


@area.act(f"{GATE}/waive", GateStateSchema, body=GateDecisionReasonSchema)
def waive_gate(call: ApiCall, slug: str, gate: int) -> GateSnapshot:
    """Exempt a project from a gate."""
    return _run_gate_command(call, slug, gate, commands.waive_gate, call.body["reason"])


@area.act(f"{GATE}/restore", GateStateSchema, body=GateDecisionReasonSchema)
def restore_gate(call: ApiCall, slug: str, gate: int) -> GateSnapshot:
    """Take an exemption back."""
    return _run_gate_command(call, slug, gate, commands.restore_gate, call.body["reason"])


@area.act(f"{GATE}/remind", GateStateSchema)
def remind_of_gate(call: ApiCall, slug: str, gate: int) -> GateSnapshot:
    """Remind whoever may accept a requested gate, for the programme's leads; once a day at most."""
    project = get_project(call.actor, slug)
    reminder_commands.require_can_see_all_requests(call.actor, project)
    reminder_commands.remind_of_gate(call.actor, project, require_row(find_open_request(project, gate)))
    return _get_gate_state(project, gate)


def _run_gate_command(
    call: ApiCall, slug: str, gate: int, command: Callable[..., object], *arguments: Any
) -> GateSnapshot:
    project = get_project(call.actor, slug)
    command(call.actor, project, gate, *arguments)
    return _get_gate_state(project, gate)

"""How late teams would be expected with changed gates: what the pages that change gates say first.

A changed gate moves its own day for every team, and the steps of the programme, from which the days
of all its teams are forecast.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from portal.oversight.gates.definition_rules import GateDefinition
from portal.oversight.gates.effect_queries import LatenessChange, LatenessChangeReader
from portal.oversight.gates.forecast_rules import (
    GateForecast,
    PlannedGate,
    derive_lateness_increments,
    forecast_gates,
    list_latenesses,
)
from portal.oversight.health.queries import read_programme_states
from portal.platform.kernel.months import months_after
from portal.project.projects.models import Project


def preview_lateness_changes(
    projects: Sequence[Project], changed: Sequence[GateDefinition]
) -> Mapping[UUID, LatenessChange]:
    """The expected lateness before and after, of each active one of a programme's open projects."""
    if not projects:
        return {}
    states = read_programme_states(projects[0].programme_id)
    plans = {id_: state.facts.planned_gates for id_, state in states.items()}
    changed_plans = plans | {
        project.id: _apply_changed_gates(project, plans[project.id], changed)
        for project in projects
        if project.id in plans
    }
    steps = derive_lateness_increments(map(list_latenesses, plans.values()))
    changed_steps = derive_lateness_increments(map(list_latenesses, changed_plans.values()))
    effects = {}
    for project in projects:
        state = states.get(project.id)
        if state is not None and state.facts.goes_on:
            before = forecast_gates(plans[project.id], state.day, steps)
            after = forecast_gates(changed_plans[project.id], state.day, changed_steps)
            effects[project.id] = LatenessChange(
                _count_expected_days_late(before),
                _count_expected_days_late(after),
                _list_forecast_days(before) != _list_forecast_days(after),
            )
    return effects


def _apply_changed_gates(
    project: Project, plan: Sequence[PlannedGate], changed: Sequence[GateDefinition]
) -> Sequence[PlannedGate]:
    """The plan with changed gates; the delays that were granted to the team stay."""
    gates = {gate.number: gate for gate in plan}
    granted = max((gate.moves for gate in plan), key=len, default=())
    for definition in changed:
        planned = gates.pop(definition.number, None)
        if not definition.is_left_out:
            moves = planned.moves if planned else granted
            due_on = months_after(project.starts_on, definition.terms.month)
            gates[definition.number] = PlannedGate(
                definition.number,
                due_on + timedelta(days=sum(days for _from_on, days in moves)),
                planned.passed_on if planned else None,
                bool(planned and planned.is_waived),
                moves,
            )
    return list(gates.values())


def _count_expected_days_late(forecasts: Sequence[GateForecast]) -> int:
    """Days by which the last open gate is expected late; 0 on time, early, or without one."""
    return max(0, forecasts[-1].slip) if forecasts else 0


def _list_forecast_days(forecasts: Sequence[GateForecast]) -> Sequence[object]:
    return [(each.number, each.earliest_on, each.expected_on, each.latest_on) for each in forecasts]


EFFECTS = LatenessChangeReader(preview_lateness_changes)

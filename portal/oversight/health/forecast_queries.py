"""The forecast of a project's gates, what a waiver would change, and how past forecasts did.

The caller was allowed to see the project.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from portal.oversight.gates.back_test_rules import BackTest, PastPlan, list_month_ends, run_back_test
from portal.oversight.gates.forecast_rules import (
    GateForecast,
    LatenessIncrements,
    PlannedGate,
    WaiverEffect,
    compute_waiver_effect,
    order_gates,
)
from portal.oversight.health.queries import (
    compute_lateness_increments,
    read_lateness_increments,
    read_programme_states,
    read_state,
)
from portal.oversight.health.state_rules import HealthSnapshot
from portal.platform.kernel import clock
from portal.project.projects.models import Project

PAST_DAYS_MAX = 200  # ends of months that are kept: what was known then never changes


@dataclass(frozen=True)
class ForecastBasis:
    """The figures of a project behind its forecast: its plan, the programme's steps, the result,
    and the back-test over all projects of the programme."""

    plan: Sequence[PlannedGate]
    steps: LatenessIncrements
    forecasts: Sequence[GateForecast]
    is_too_early: bool
    back_test: BackTest


def read_forecast(project: Project, as_of: datetime | None = None) -> Sequence[GateForecast]:
    """Return the forecast of a project's open gates at a moment (now); none unless it is active."""
    state = read_state(project, as_of)
    if state is None or not state.facts.goes_on:
        return ()
    if as_of is None:
        return state.forecast(read_lateness_increments(project.programme_id))
    states = read_programme_states(project.programme_id, as_of)
    return state.forecast(compute_lateness_increments(states.values()))


def read_waiver_effect(project: Project, gate: int) -> WaiverEffect | None:
    """Return what waiving a gate would change now; None where no gate is forecast."""
    state = read_state(project)
    if state is None or not state.facts.goes_on:
        return None
    steps = read_lateness_increments(project.programme_id)
    return compute_waiver_effect(state.facts.planned_gates, gate, state.day, steps)


def find_forecast_basis(project: Project) -> ForecastBasis | None:
    """Return the figures behind the forecast now; None before the first reading."""
    states = read_programme_states(project.programme_id)
    state = states.get(project.id)
    if state is None:
        return None
    steps = compute_lateness_increments(states.values())
    return ForecastBasis(
        plan=order_gates(state.facts.planned_gates),
        steps=steps,
        forecasts=state.forecast(steps),
        is_too_early=state.is_too_early,
        back_test=_run_back_test(project.programme_id, states),
    )


def _run_back_test(programme_id: UUID, states: Mapping[UUID, HealthSnapshot]) -> BackTest:
    """The back-test at the ends of months, of the gates that were passed by now."""
    first = min(state.facts.starts_on for state in states.values())
    ends = list_month_ends(first, clock.today())
    passed = {
        id_: {gate.number: gate.passed_on for gate in state.facts.planned_gates if gate.passed_on}
        for id_, state in states.items()
    }
    return run_back_test(passed, [(end, _read_past_plans(programme_id, end)) for end in ends])


@lru_cache(maxsize=PAST_DAYS_MAX)
def _read_past_plans(programme_id: UUID, day: date) -> Mapping[UUID, PastPlan]:
    """The plans of a programme's projects as the end of a past day knew them. Two statements."""
    states = read_programme_states(programme_id, clock.end_of_day(day))
    return {
        id_: PastPlan(tuple(state.facts.planned_gates), state.facts.goes_on) for id_, state in states.items()
    }

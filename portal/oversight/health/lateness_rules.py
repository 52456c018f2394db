"""How late the last open gate of a project is expected, on any day. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from portal.oversight.gates.forecast_rules import (
    DUE_MIN,
    LatenessIncrements,
    PlannedGate,
    compute_present_lateness,
    forecast_gates,
    order_gates,
)
from portal.oversight.health.fact_rules import HealthFacts

HORIZON_DAYS = 800  # days searched ahead


@dataclass(frozen=True)
class ProjectLateness:
    """Lateness of the last open gate, computed for any day from a plan and one number.

    `shift` is by how many days the range begins after the present lateness: the forecast of the
    day is `due_on` + present lateness + `shift`, at least the day itself. It changes only with the
    steps of the programme and the gates of the project.
    """

    gates: tuple[PlannedGate, ...]
    last: PlannedGate
    shift: int
    has_range: bool = field(default=False, compare=False)

    def days_on(self, day: date) -> int:
        """Return the lateness in days on a day; negative is early."""
        overdue = (day - self.last.due_on).days
        return max(overdue, compute_present_lateness(self.gates, day) + self.shift)

    def first_day_over(self, threshold: int | None, day: date, previous: date | None) -> date | None:
        """Return the first day of more lateness than a threshold, as `find_first_day_of_condition` does."""
        if threshold is None:
            return None
        return find_first_day_of_condition(lambda at: self.days_on(at) > threshold, day, previous)


def find_last_open_gate(facts: HealthFacts) -> PlannedGate | None:
    """Return the last open gate in the order of the plan; None where none is open."""
    open_gates = [gate for gate in order_gates(facts.planned_gates) if gate.passed_on is None]
    return open_gates[-1] if open_gates else None


def lateness_with_shift(facts: HealthFacts, shift: int) -> ProjectLateness | None:
    """Return the lateness of a project whose `shift` was stored; None without an open gate."""
    last = find_last_open_gate(facts)
    return ProjectLateness(tuple(facts.planned_gates), last, shift) if last else None


def compute_lateness(facts: HealthFacts, steps: LatenessIncrements) -> ProjectLateness | None:
    """Return the lateness of a project from the steps of its programme; None without an open gate.

    Judged from the earliest day of the range, or from the expected day where there is none.
    """
    last = find_last_open_gate(facts)
    if last is None:
        return None
    gates = tuple(facts.planned_gates)
    # On a day before any plan nothing is overdue: only lateness and spread move the gates.
    forecasts = forecast_gates(gates, date.min, steps)
    shift = forecasts[-1].days_judged_late - forecasts[-1].lateness
    return ProjectLateness(gates, last, shift, forecasts[-1].has_range)


def find_first_judged_day(facts: HealthFacts) -> date | None:
    """Return the first day on which enough gates were due; None where the plan has too few."""
    due = [gate.due_on for gate in order_gates(facts.planned_gates)]
    return due[DUE_MIN - 1] if len(due) >= DUE_MIN else None


def find_first_day_of_condition(
    holds: Callable[[date], bool], day: date, previous: date | None
) -> date | None:
    """Return the first day on which a condition holds that never ends once it has begun.

    Binary search up to `HORIZON_DAYS` after `day`; None beyond. If it holds on `day` already, the
    answer is `previous` (the day found last time) where there is one, else `day`.
    """
    if holds(day):
        return previous if previous is not None and previous <= day else day
    low, high = 0, HORIZON_DAYS
    if not holds(day + timedelta(days=high)):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(day + timedelta(days=middle)) else (middle, high)
    return day + timedelta(days=high)

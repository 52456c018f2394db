"""Back-test of forecasts: on past days, was a gate passed within the range it was given? Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from portal.oversight.gates.forecast_rules import (
    PlannedGate,
    combine_steps,
    forecast_gates,
    list_latenesses,
    order_gates,
)
from portal.platform.kernel.months import months_after


@dataclass(frozen=True)
class BackTest:
    """How often a gate was passed within its range: `within` out of `n` forecasts."""

    within: int = 0
    n: int = 0

    @property
    def percent(self) -> int:
        """The share in per cent, rounded down; 0 without any forecast."""
        return self.within * 100 // self.n if self.n else 0


def back_test(projects: Iterable[Iterable[PlannedGate]], days: Iterable[date]) -> BackTest:
    """Return how the forecasts of past days did, over the gates that were passed since.

    The projects are all those of a programme, as they are known now.
    """
    plans = [order_gates(gates) for gates in projects]
    within = n = 0
    for day in days:
        then = [[_as_of(gate, day) for gate in plan] for plan in plans]
        steps = combine_steps(list_latenesses(plan) for plan in then)
        for plan, past_plan in zip(plans, then, strict=True):
            passed_on = {gate.number: gate.passed_on for gate in plan}
            for forecast in forecast_gates(past_plan, day, steps):
                passed = passed_on[forecast.number]
                if passed is None or forecast.earliest_on is None or forecast.latest_on is None:
                    continue
                n += 1
                within += forecast.earliest_on <= passed <= forecast.latest_on
    return BackTest(within, n)


def _as_of(gate: PlannedGate, day: date) -> PlannedGate:
    """The gate as a past day knew it: open where it was passed later, planned as before the delays
    that were granted later."""
    if gate.passed_on is not None and gate.passed_on <= day:
        return gate
    later = sum(days for from_on, days in gate.moves if from_on > day)
    moves = tuple(move for move in gate.moves if move[0] <= day)
    return replace(gate, passed_on=None, due_on=gate.due_on - timedelta(days=later), moves=moves)


def month_ends(first: date, last: date) -> Sequence[date]:
    """Return the last days of the calendar months from `first` on, before `last`."""
    ends = []
    next_month = months_after(first.replace(day=1), 1)
    while (end := next_month - timedelta(days=1)) < last:
        ends.append(end)
        next_month = months_after(next_month, 1)
    return ends

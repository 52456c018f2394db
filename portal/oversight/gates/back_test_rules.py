"""Back-test of forecasts: on past days, was a gate passed within the range it was given? Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from portal.oversight.gates.forecast_rules import (
    PlannedGate,
    derive_lateness_increments,
    forecast_gates,
    list_latenesses,
)
from portal.platform.kernel.months import months_after


@dataclass(frozen=True)
class BackTest:
    """How often a gate was passed within its range: `within` out of `n` forecasts."""

    within: int = 0
    n: int = 0

    @property
    def percent(self) -> int:
        """The share in per cent, rounded half up; 0 without any forecast."""
        return (self.within * 200 + self.n) // (2 * self.n) if self.n else 0


@dataclass(frozen=True)
class PastPlan:
    """The gates of a project as a past day knew them; `is_active`: they were forecast on that day."""

    gates: tuple[PlannedGate, ...]
    is_active: bool


PassedGates = Mapping[UUID, Mapping[int, date]]  # by project and number, what is known now
PastDay = tuple[date, Mapping[UUID, PastPlan]]  # the plans of all projects of a programme


def run_back_test(passed: PassedGates, days: Iterable[PastDay]) -> BackTest:
    """Return how the forecasts of past days did, over the gates that were passed since."""
    within = n = 0
    for day, plans in days:
        steps = derive_lateness_increments(list_latenesses(plan.gates) for plan in plans.values())
        for project_id, plan in plans.items():
            passed_on = passed.get(project_id, {})
            for forecast in forecast_gates(plan.gates, day, steps) if plan.is_active else ():
                day_passed = passed_on.get(forecast.number)
                if day_passed is None or forecast.earliest_on is None or forecast.latest_on is None:
                    continue
                n += 1
                within += forecast.earliest_on <= day_passed <= forecast.latest_on
    return BackTest(within, n)


def list_month_ends(first: date, last: date) -> Sequence[date]:
    """Return the last days of the calendar months from `first` on, before `last`."""
    ends = []
    next_month = months_after(first.replace(day=1), 1)
    while (end := next_month - timedelta(days=1)) < last:
        ends.append(end)
        next_month = months_after(next_month, 1)
    return ends

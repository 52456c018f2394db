"""How late the open gates of a project are expected. Pure."""

from collections.abc import Callable
from datetime import date, timedelta

from portal.oversight.health.fact_rules import HealthFacts
from portal.oversight.health.forecast_rules import forecast_gates

HORIZON_DAYS = 800  # days searched ahead


def worst_slip_on(facts: HealthFacts, day: date) -> tuple[int, int | None, int]:
    """Return the largest expected slip in days, the number of its gate (the first on a tie, None
    without open gates), and by how many days the last gate is expected after the support ends."""
    forecasts = forecast_gates(facts.planned_gates(day), day)
    worst = max(forecasts, key=lambda gate: (gate.slip, -gate.number), default=None)
    if worst is None:
        return 0, None, 0
    end = max(facts.ends_on, forecasts[-1].due_on)
    return worst.slip, worst.number, (forecasts[-1].expected_on - end).days


def find_first_day(holds: Callable[[date], bool], day: date, previous: date | None) -> date | None:
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

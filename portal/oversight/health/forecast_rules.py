"""Forecast of the open gates of a project. Pure.

An open gate is expected on its due date, or on the expected date of the gate before if that is
later, plus the project's habit: the median slip of the gates it has passed. The quartiles of slips
over the whole programme, relative to their median, give the range.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import floor
from statistics import median, quantiles

COHORT_MIN = 4  # passed gates; with fewer there are no quartiles


@dataclass(frozen=True)
class PlannedGate:
    """A gate that is not waived: its due date, and the day it was passed, None while open."""

    number: int
    due_on: date
    passed_on: date | None = None


@dataclass(frozen=True)
class GateSlipCohort:
    """Slips of the passed gates of a programme, in days; negative is early."""

    n: int = 0
    quartiles: tuple[int, int, int] | None = None  # None: too few were passed


@dataclass(frozen=True)
class GateForecast:
    """Forecast of an open gate; no range without the quartiles of a cohort.

    `habit` is the median slip in days of the `n` gates that the project has passed; `cohort` counts
    the gates passed in the programme.
    """

    number: int
    due_on: date
    expected_on: date
    earliest_on: date | None
    latest_on: date | None
    n: int
    habit: int
    cohort: int

    @property
    def slip(self) -> int:
        """Days between due and expected date; negative is early."""
        return (self.expected_on - self.due_on).days


def slips(gates: Iterable[PlannedGate]) -> Sequence[int]:
    """Return the slip in days of each passed gate; negative is early."""
    return [(gate.passed_on - gate.due_on).days for gate in gates if gate.passed_on is not None]


def build_cohort(slips_of_all: Iterable[int]) -> GateSlipCohort:
    """Return the quartiles (inclusive method) of the slips of all projects of a programme."""
    sorted_slips = sorted(slips_of_all)
    if len(sorted_slips) < COHORT_MIN:
        return GateSlipCohort(len(sorted_slips))
    first, second, third = (
        _round_days(quartile) for quartile in quantiles(sorted_slips, n=4, method="inclusive")
    )
    return GateSlipCohort(len(sorted_slips), (first, second, third))


def median_slip(gates: Sequence[PlannedGate]) -> int:
    """Return the median slip of the passed gates, in whole days; 0 if none is passed."""
    own_slips = slips(gates)
    return _round_days(median(own_slips)) if own_slips else 0


def forecast_gates(
    gates: Sequence[PlannedGate], day: date, cohort: GateSlipCohort = GateSlipCohort()
) -> Sequence[GateForecast]:
    """Return the forecast of each open gate, in order, as of `day`; no date is before `day`."""
    habit, n = median_slip(gates), len(slips(gates))
    expected = _expected_dates(gates, day, habit)
    early: dict[int, date] = {}
    late: dict[int, date] = {}
    if cohort.quartiles is not None:
        first, second, third = cohort.quartiles
        early = _expected_dates(gates, day, habit + first - second)
        late = _expected_dates(gates, day, habit + third - second)
    return [
        GateForecast(
            number=gate.number,
            due_on=gate.due_on,
            expected_on=expected[gate.number],
            earliest_on=early.get(gate.number),
            latest_on=late.get(gate.number),
            n=n,
            habit=habit,
            cohort=cohort.n,
        )
        for gate in gates
        if gate.passed_on is None
    ]


def _expected_dates(gates: Sequence[PlannedGate], day: date, slip: int) -> dict[int, date]:
    """Expected date of each open gate, none before the gate that precedes it."""
    dates: dict[int, date] = {}
    before = date.min
    for gate in gates:
        if gate.passed_on is None:
            coming = max(gate.due_on, before) + timedelta(days=slip)
            dates[gate.number] = before = max(coming, day)
        else:
            before = gate.passed_on
    return dates


def _round_days(days: float) -> int:
    """Round to the nearest day, halves up."""
    return floor(days + 0.5)

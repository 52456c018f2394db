"""When the gates of a project that are still open may be passed. Pure.

A gate comes when it was planned, or when the one before it comes if that is later; then the
project's own habit is added: its median slip on the gates it has passed. How far the gates of its
whole programme spread around their median gives the range: nothing here is ever a single date.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import floor
from statistics import median, quantiles

COHORT_MIN = 4  # gates passed, below which quartiles say nothing


@dataclass(frozen=True)
class PlannedGate:
    """A gate that counts: when it was planned, and when it was passed, None while it is open."""

    number: int
    due_on: date
    passed_on: date | None = None


@dataclass(frozen=True)
class GateSlipCohort:
    """How late the gates of a programme were passed, in days; negative is early."""

    n: int = 0
    quartiles: tuple[int, int, int] | None = None  # None: too few were passed


@dataclass(frozen=True)
class GateForecast:
    """Of an open gate: planned, expected, and from when to when; no range without a cohort.

    `n` gates passed by the project make `habit`, its median slip in days.
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
        """Days after what was planned; negative is before."""
        return (self.expected_on - self.due_on).days


def slips(aims: Iterable[PlannedGate]) -> Sequence[int]:
    """Days between what was planned and the passing of each gate that was passed."""
    return [(aim.passed_on - aim.due_on).days for aim in aims if aim.passed_on is not None]


def build_cohort(slips_of_all: Iterable[int]) -> GateSlipCohort:
    """From the slips of all projects of a programme."""
    sorted_slips = sorted(slips_of_all)
    if len(sorted_slips) < COHORT_MIN:
        return GateSlipCohort(len(sorted_slips))
    first, second, third = (
        _round_days(quartile) for quartile in quantiles(sorted_slips, n=4, method="inclusive")
    )
    return GateSlipCohort(len(sorted_slips), (first, second, third))


def median_slip(aims: Sequence[PlannedGate]) -> int:
    """The median slip of the gates that were passed, in whole days; 0 before any."""
    own_slips = slips(aims)
    return _round_days(median(own_slips)) if own_slips else 0


def forecast_gates(
    aims: Sequence[PlannedGate], day: date, cohort: GateSlipCohort = GateSlipCohort()
) -> Sequence[GateForecast]:
    """Each open gate, in their order, as told on a day: never before that day."""
    habit, n = median_slip(aims), len(slips(aims))
    expected = _expected_dates(aims, day, habit)
    early: dict[int, date] = {}
    late: dict[int, date] = {}
    if cohort.quartiles is not None:
        first, second, third = cohort.quartiles
        early = _expected_dates(aims, day, habit + first - second)
        late = _expected_dates(aims, day, habit + third - second)
    return [
        GateForecast(
            number=aim.number,
            due_on=aim.due_on,
            expected_on=expected[aim.number],
            earliest_on=early.get(aim.number),
            latest_on=late.get(aim.number),
            n=n,
            habit=habit,
            cohort=cohort.n,
        )
        for aim in aims
        if aim.passed_on is None
    ]


def _expected_dates(aims: Sequence[PlannedGate], day: date, slip: int) -> dict[int, date]:
    """When each open gate comes, one after the other."""
    dates: dict[int, date] = {}
    before = date.min
    for aim in aims:
        if aim.passed_on is None:
            coming = max(aim.due_on, before) + timedelta(days=slip)
            dates[aim.number] = before = max(coming, day)
        else:
            before = aim.passed_on
    return dates


def _round_days(days: float) -> int:
    """To the nearest day, the later one of two."""
    return floor(days + 0.5)

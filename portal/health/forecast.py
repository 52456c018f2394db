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
class Aim:
    """A gate that counts: when it was planned, and when it was passed, None while it is open."""

    number: int
    due_on: date
    passed_on: date | None = None


@dataclass(frozen=True)
class Cohort:
    """How late the gates of a programme were passed, in days; negative is early."""

    n: int = 0
    quartiles: tuple[int, int, int] | None = None  # None: too few were passed


@dataclass(frozen=True)
class Forecast:
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


def slips(aims: Iterable[Aim]) -> Sequence[int]:
    """Days between what was planned and the passing of each gate that was passed."""
    return [(one.passed_on - one.due_on).days for one in aims if one.passed_on is not None]


def cohort_of(slips_of_all: Iterable[int]) -> Cohort:
    """From the slips of all projects of a programme."""
    found = sorted(slips_of_all)
    if len(found) < COHORT_MIN:
        return Cohort(len(found))
    first, second, third = (_whole(one) for one in quantiles(found, n=4, method="inclusive"))
    return Cohort(len(found), (first, second, third))


def habit_of(aims: Sequence[Aim]) -> int:
    """The median slip of the gates that were passed, in whole days; 0 before any."""
    found = slips(aims)
    return _whole(median(found)) if found else 0


def forecast(aims: Sequence[Aim], day: date, cohort: Cohort = Cohort()) -> Sequence[Forecast]:
    """Each open gate, in their order, as told on a day: never before that day."""
    habit, n = habit_of(aims), len(slips(aims))
    expected = _chain(aims, day, habit)
    early: dict[int, date] = {}
    late: dict[int, date] = {}
    if cohort.quartiles is not None:
        first, second, third = cohort.quartiles
        early = _chain(aims, day, habit + first - second)
        late = _chain(aims, day, habit + third - second)
    return [
        Forecast(
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


def _chain(aims: Sequence[Aim], day: date, slip: int) -> dict[int, date]:
    """When each open gate comes, one after the other."""
    found: dict[int, date] = {}
    before = date.min
    for aim in aims:
        if aim.passed_on is None:
            coming = max(aim.due_on, before) + timedelta(days=slip)
            found[aim.number] = before = max(coming, day)
        else:
            before = aim.passed_on
    return found


def _whole(days: float) -> int:
    """To the nearest day, the later one of two."""
    return floor(days + 0.5)

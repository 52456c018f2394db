"""Forecast of the open gates of a project. Pure.

Formula: the remaining plan is shifted by the team's present lateness L; the range is spread by the
sum of k independent draws from the steps of the programme, a step being the change of lateness
from one passed gate to the next. Source: bootstrap of past changes, exact by convolution (the
generating function of the steps to the power k), instead of a simulation. Quantiles are the
smallest d with P(D(k) ≤ d) ≥ q, in integers: ways out of n to the power k.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate, pairwise

STEPS_MIN = 12  # steps of the programme; with fewer there is no range
PASSED_MIN = 3  # gates passed by the project; with fewer there is no range
DUE_MIN = 2  # gates due; with fewer it is too early to judge the project's lateness
TENTHS = (1, 5, 9)  # the quantiles `from`, `expected`, `to`
DAYS_A_WEEK = 7
CACHE_SIZE = 128  # spreads: one for each set of steps and number of gates


@dataclass(frozen=True)
class PlannedGate:
    """A gate: its baseline day, and the day of its first acceptance, None while open.

    `moves` are the granted delays that its baseline holds: from which day, how many days. A gate
    passed before a delay keeps the baseline of the day it passed.
    """

    number: int
    due_on: date
    passed_on: date | None = None
    is_waived: bool = False
    moves: tuple[tuple[date, int], ...] = ()

    @property
    def lateness(self) -> int:
        """Days from the baseline to the day it was passed, negative when early; 0 while open."""
        return (self.passed_on - self.due_on).days if self.passed_on else 0


@dataclass(frozen=True)
class LatenessIncrements:
    """Steps of a programme, in days, sorted: equal programmes have equal steps."""

    days: tuple[int, ...] = ()

    @property
    def n(self) -> int:
        return len(self.days)

    @property
    def is_enough(self) -> bool:
        """Whether there are enough for a range."""
        return self.n >= STEPS_MIN


NO_STEPS = LatenessIncrements()


@dataclass(frozen=True)
class GateForecast:
    """Forecast of an open gate; `earliest_on` and `latest_on` are None without a range.

    `lateness` is the present lateness of the project in days, `passed` the number of gates that
    it has passed, `steps` that of the programme's steps.
    """

    number: int
    due_on: date
    expected_on: date
    earliest_on: date | None
    latest_on: date | None
    lateness: int
    passed: int
    steps: int

    @property
    def has_range(self) -> bool:
        return self.earliest_on is not None

    @property
    def slip(self) -> int:
        """Days between baseline and expected day; negative is early."""
        return (self.expected_on - self.due_on).days

    @property
    def days_judged_late(self) -> int:
        """Days that are judged late: from the earliest day where there is a range."""
        return ((self.earliest_on or self.expected_on) - self.due_on).days

    @property
    def weeks_late(self) -> int:
        """Whole weeks between baseline and expected day; 0 on time or early."""
        return max(0, self.slip) // DAYS_A_WEEK


def order_gates(gates: Iterable[PlannedGate]) -> Sequence[PlannedGate]:
    """Return the gates that are not waived by baseline day, then number."""
    counted = (gate for gate in gates if not gate.is_waived)
    return sorted(counted, key=lambda gate: (gate.due_on, gate.number))


Latenesses = Sequence[int | None]  # None: a delay was granted between two gates


def list_latenesses(gates: Iterable[PlannedGate]) -> Latenesses:
    """Return the lateness of each passed gate in days, in the order of the plan; None between two of
    them where a delay was granted."""
    latenesses: list[int | None] = []
    moves = 0
    for gate in order_gates(gates):
        if gate.passed_on is not None:
            if latenesses and len(gate.moves) != moves:
                latenesses.append(None)
            latenesses.append(gate.lateness)
            moves = len(gate.moves)
    return latenesses


def derive_lateness_increments(latenesses_of_projects: Iterable[Latenesses]) -> LatenessIncrements:
    """Return the steps of a programme from the latenesses of each of its projects; none across a
    granted delay."""
    return LatenessIncrements(
        tuple(
            sorted(
                after - before
                for project_latenesses in latenesses_of_projects
                for before, after in pairwise(project_latenesses)
                if before is not None and after is not None
            )
        )
    )


def compute_present_lateness(gates: Iterable[PlannedGate], day: date) -> int:
    """Return L in days: the greater of the lateness of the gate passed last and, where it is over
    0, of the days since the baseline of the first open gate; 0 where there is neither."""
    ordered = order_gates(gates)
    passed = [(gate.passed_on, gate.number, gate.lateness) for gate in ordered if gate.passed_on]
    candidates = [max(passed)[2]] if passed else []
    first_open = next((gate for gate in ordered if gate.passed_on is None), None)
    if first_open is not None and first_open.due_on < day:
        candidates.append((day - first_open.due_on).days)
    return max(candidates, default=0)


def forecast_gates(
    gates: Iterable[PlannedGate], day: date, steps: LatenessIncrements = NO_STEPS
) -> Sequence[GateForecast]:
    """Return the forecast of each open gate in the order of the plan, as of `day`.

    No day is before `day`, and none of the three days goes back from a gate to the next. Raises
    `OverflowError` for a day that no calendar holds.
    """
    ordered = order_gates(gates)
    lateness = compute_present_lateness(ordered, day)
    open_gates = [gate for gate in ordered if gate.passed_on is None]
    passed = len(ordered) - len(open_gates)
    has_range = steps.is_enough and passed >= PASSED_MIN
    forecasts = []
    before = (day,) * len(TENTHS)
    for k, gate in enumerate(open_gates, start=1):
        spread = compute_lateness_quantiles(steps.days, k) if has_range else (0,) * len(TENTHS)
        before = earliest, expected, latest = _shift_baseline_by_quantiles(
            gate.due_on, lateness, spread, before
        )
        forecasts.append(
            GateForecast(
                number=gate.number,
                due_on=gate.due_on,
                expected_on=expected,
                earliest_on=earliest if has_range else None,
                latest_on=latest if has_range else None,
                lateness=lateness,
                passed=passed,
                steps=steps.n,
            )
        )
    return forecasts


def _shift_baseline_by_quantiles(
    due_on: date, lateness: int, spread: Sequence[int], before: Sequence[date]
) -> tuple[date, date, date]:
    """The baseline moved by each quantile, none before that of the gate before."""
    earliest, expected, latest = (
        max(due_on + timedelta(days=lateness + days), previous)
        for days, previous in zip(spread, before, strict=True)
    )
    return earliest, expected, latest


@lru_cache(maxsize=CACHE_SIZE)
def compute_lateness_quantiles(steps: tuple[int, ...], draws: int) -> tuple[int, int, int]:
    """Return the quantiles 0.1, 0.5 and 0.9 of the sum of `draws` draws from the steps, in days."""
    total = len(steps) ** draws
    sums = accumulate(_count_ways_by_sum(steps, draws))
    quantiles = []
    lowest = min(steps) * draws
    day, ways = lowest, next(sums)
    for tenths in TENTHS:
        while ways * 10 < total * tenths:
            day, ways = day + 1, next(sums)
        quantiles.append(day)
    first, second, third = quantiles
    return first, second, third


def _count_ways_by_sum(steps: tuple[int, ...], draws: int) -> Iterator[int]:
    """The ways to each sum, from the lowest on: coefficients of a power of a polynomial.

    The polynomial is one integer with its coefficients as digits wide enough never to carry
    (Kronecker substitution), so that Python's multiplication does the convolution.
    """
    lowest = min(steps)
    width = (len(steps) ** draws).bit_length() // 8 + 1  # bytes of a digit
    polynomial = sum(count << (8 * width * (step - lowest)) for step, count in Counter(steps).items())
    power = polynomial**draws
    digits = (max(steps) - lowest) * draws + 1
    packed = power.to_bytes(width * digits, "little")
    for start in range(0, len(packed), width):
        yield int.from_bytes(packed[start : start + width], "little")


def is_too_early_to_judge(gates: Iterable[PlannedGate], day: date) -> bool:
    """Whether fewer gates than it takes to judge a project's lateness were due by a day."""
    return sum(gate.due_on <= day for gate in gates if not gate.is_waived) < DUE_MIN


@dataclass(frozen=True)
class WaiverEffect:
    """The forecast of the last open gate, before a gate is waived and after; None: none is open."""

    before: GateForecast
    after: GateForecast | None

    @property
    def days_gained(self) -> int:
        """Days by which the last gate, if it is the same, comes sooner; negative: later."""
        if self.after is None:
            return 0
        return (self.before.expected_on - self.after.expected_on).days


def compute_waiver_effect(
    gates: Iterable[PlannedGate], number: int, day: date, steps: LatenessIncrements
) -> WaiverEffect | None:
    """Return what waiving a gate changes; None where no gate is open."""
    plan = list(gates)
    waived = [replace(gate, is_waived=gate.is_waived or gate.number == number) for gate in plan]
    before, after = forecast_gates(plan, day, steps), forecast_gates(waived, day, steps)
    return WaiverEffect(before[-1], after[-1] if after else None) if before else None

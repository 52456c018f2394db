"""A figure and how sure it is: means of few values with Student's interval. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from portal.user_tests.statistics.quantile_rules import CONFIDENCE, t_two_sided


@dataclass(frozen=True)
class Interval:
    """From `low` to `high`, both included, in the unit of what it surrounds.

    Raises `ValueError` when its ends are not numbers in their order.
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise ValueError(f"no interval from {self.low} to {self.high}")

    def contains(self, value: float) -> bool:
        return self.low <= value <= self.high

    def clip(self, least: float, most: float) -> "Interval":
        """The part of it that a scale has room for."""
        return Interval(min(max(self.low, least), most), max(min(self.high, most), least))

    @property
    def width(self) -> float:
        return self.high - self.low


@dataclass(frozen=True)
class Mean:
    """An arithmetic mean of `n` values; no interval for a single one, which has no spread.

    `alike` says that all values are the same: the interval is then of no width, and promises more
    than so few values can hold.
    """

    n: int
    value: float
    interval: Interval | None
    alike: bool


def round_to_tenth(value: float) -> float:
    """As people round: a mean of SUS scores often ends in a half of a tenth, and that goes up."""
    return math.floor(value * 10 + 0.5) / 10


@dataclass(frozen=True)
class SampleSpread:
    """All that an interval asks of `n` values: their mean, and their sample deviation (n - 1).

    A single value has no deviation. Raises `ValueError` for what no values have.
    """

    n: int
    mean: float
    deviation: float | None

    def __post_init__(self) -> None:
        has_deviation = self.deviation is not None
        if (
            self.n < 1
            or has_deviation != (self.n > 1)
            or (has_deviation and not (self.deviation or 0) >= 0)
        ):
            raise ValueError(f"{self.n} values have no deviation of {self.deviation}")


def spread(values: Sequence[float]) -> SampleSpread | None:
    """Of values in any order, to the same last digit; None for no value."""
    if not values:
        return None
    ordered = sorted(values)
    middle = min(max(fmean(ordered), ordered[0]), ordered[-1])
    return SampleSpread(len(ordered), middle, stdev(ordered) if len(ordered) > 1 else None)


def mean(
    values: Sequence[float],
    *,
    least: float = -math.inf,
    most: float = math.inf,
    confidence: float = CONFIDENCE,
) -> Mean | None:
    """`mean_of` values between `least` and `most`, in their unit; None for no value.

    Raises `ValueError` for a value outside of the scale, or that is no number.
    """
    if any(not least <= value <= most or math.isinf(value) for value in values):
        raise ValueError(f"a value is not between {least} and {most}")
    return mean_from_spread(spread(values), least=least, most=most, confidence=confidence)


def mean_from_spread(
    of: SampleSpread | None,
    *,
    least: float = -math.inf,
    most: float = math.inf,
    confidence: float = CONFIDENCE,
) -> Mean | None:
    """m ± t(n - 1) · s / √n, of values that may be gone; None for none.

    Student, *The probable error of a mean*, Biometrika, 1908; cut at the ends of the scale. Raises
    `ValueError` for a mean outside of it.
    """
    if of is None:
        return None
    if not least <= of.mean <= most:
        raise ValueError(f"a mean is not between {least} and {most}")
    if of.deviation is None:
        return Mean(of.n, of.mean, None, alike=True)
    half = 0.0
    if of.deviation:
        half = t_two_sided(confidence, of.n - 1) * of.deviation / math.sqrt(of.n)
    within = Interval(of.mean - half, of.mean + half).clip(least, most)
    return Mean(of.n, of.mean, within, alike=not of.deviation)

"""A figure and how sure it is: means of few values with Student's interval. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from portal.usability.quantiles import CONFIDENCE, t_two_sided


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

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high

    def within(self, least: float, most: float) -> "Interval":
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


def mean(
    values: Sequence[float],
    *,
    least: float = -math.inf,
    most: float = math.inf,
    confidence: float = CONFIDENCE,
) -> Mean | None:
    """The mean m of values between `least` and `most`, in their unit; None for no value.

    m ± t(n - 1) · s / √n (Student, *The probable error of a mean*, Biometrika, 1908), cut at the
    ends of the scale. Raises `ValueError` for a value outside of the scale, or that is no
    number.
    """
    if any(not least <= value <= most or math.isinf(value) for value in values):
        raise ValueError(f"a value is not between {least} and {most}")
    if not values:
        return None
    ordered = sorted(values)  # the same to the last digit, whatever the order of sessions
    n, found = len(ordered), min(max(fmean(ordered), ordered[0]), ordered[-1])
    alike = ordered[0] == ordered[-1]
    if n == 1:
        return Mean(n, found, None, alike)
    half = 0.0 if alike else t_two_sided(confidence, n - 1) * stdev(ordered) / math.sqrt(n)
    return Mean(n, found, Interval(found - half, found + half).within(least, most), alike)

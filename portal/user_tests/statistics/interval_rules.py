"""Means of few values with Student’s interval. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from portal.user_tests.statistics.quantile_rules import CONFIDENCE, two_sided_t


@dataclass(frozen=True)
class Interval:
    """From `low` to `high`, both included, in the unit of the estimate.

    Raises `ValueError` unless `low <= high`.
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise ValueError(f"no interval from {self.low} to {self.high}")

    def contains(self, value: float) -> bool:
        return self.low <= value <= self.high

    def clip(self, least: float, most: float) -> "Interval":
        """Return the part between `least` and `most`."""
        return Interval(min(max(self.low, least), most), max(min(self.high, most), least))


@dataclass(frozen=True)
class Mean:
    """An arithmetic mean of `n` values; no interval for a single one, which has no spread.

    `alike`: all values are the same. The interval then has width 0, which overstates the precision.
    """

    n: int
    value: float
    interval: Interval | None
    alike: bool


def round_to_tenth(value: float) -> float:
    """Round half up: a mean of SUS scores often ends in 5 hundredths."""
    return math.floor(value * 10 + 0.5) / 10


@dataclass(frozen=True)
class SampleSpread:
    """Sufficient statistics of `n` values: mean and sample standard deviation (n - 1).

    A single value has no deviation. Raises `ValueError` for an impossible combination.
    """

    n: int
    mean: float
    deviation: float | None

    def __post_init__(self) -> None:
        has_deviation = self.deviation is not None
        if self.n < 1 or has_deviation != (self.n > 1) or (has_deviation and not (self.deviation or 0) >= 0):
            raise ValueError(f"{self.n} values have no deviation of {self.deviation}")


def compute_spread(values: Sequence[float]) -> SampleSpread | None:
    """Return mean and deviation of values; their order changes no digit. None for no value."""
    if not values:
        return None
    ordered = sorted(values)
    middle = min(max(fmean(ordered), ordered[0]), ordered[-1])
    return SampleSpread(len(ordered), middle, stdev(ordered) if len(ordered) > 1 else None)


def mean_from_spread(
    sample: SampleSpread | None,
    *,
    least: float = -math.inf,
    most: float = math.inf,
    confidence: float = CONFIDENCE,
) -> Mean | None:
    """Return the mean with its interval m ± t(n - 1) · s / √n; None for no value.

    Student, *The probable error of a mean*, Biometrika, 1908; cut at `least` and `most`. Raises
    `ValueError` for a mean outside of them.
    """
    if sample is None:
        return None
    if not least <= sample.mean <= most:
        raise ValueError(f"a mean is not between {least} and {most}")
    if sample.deviation is None:
        return Mean(sample.n, sample.mean, None, alike=True)
    half = 0.0
    if sample.deviation:
        half = two_sided_t(confidence, sample.n - 1) * sample.deviation / math.sqrt(sample.n)
    confidence_interval = Interval(sample.mean - half, sample.mean + half).clip(least, most)
    return Mean(sample.n, sample.mean, confidence_interval, alike=not sample.deviation)

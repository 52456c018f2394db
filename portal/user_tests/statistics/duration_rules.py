"""How long a task takes, from few times. Pure.

Times are seconds, of those who managed alone: what a person needs who gives up is another
question. They are skewed to the right, so their logarithms are averaged: Sauro & Lewis, *Average
task times in usability tests: what to report?*, CHI, 2010 – the geometric mean is the best
estimate of the middle for up to 25 times, the sample median beyond.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from portal.user_tests.statistics.interval_rules import (
    Interval,
    SampleSpread,
    mean_from_spread,
    spread,
)
from portal.user_tests.statistics.quantile_rules import CONFIDENCE

MOST_FOR_MEAN = 25


class Middle(StrEnum):
    """Which middle of the times is told."""

    GEOMETRIC = "geometric"
    MEDIAN = "median"


@dataclass(frozen=True)
class Duration:
    """A middle of `n` times in seconds; no interval for a single one.

    `alike` says that all times are the same, so that the interval has no width.
    """

    n: int
    seconds: float
    interval: Interval | None
    middle: Middle
    alike: bool


def time_on_task(seconds: Sequence[float], *, confidence: float = CONFIDENCE) -> Duration | None:
    """The geometric mean for up to 25 times, the median beyond; None for no time.

    Raises `ValueError` for a time that is not more than 0 seconds, or that is no number.
    """
    if len(seconds) > MOST_FOR_MEAN:
        return median_time(seconds, confidence=confidence)
    return geometric_mean(seconds, confidence=confidence)


def geometric_mean(seconds: Sequence[float], *, confidence: float = CONFIDENCE) -> Duration | None:
    """exp(m), from exp(m - h) to exp(m + h): m and h are those of a t interval over ln(seconds).

    Sauro, *Graph and calculator for confidence intervals for task times*, MeasuringU, 2006. None
    for no time. Raises as `time_on_task`.
    """
    duration = geometric_mean_from_spread(spread(logarithms(seconds)), confidence=confidence)
    if duration is None or not duration.alike:
        return duration
    only = float(seconds[0])  # exp(ln(x)) is not always x
    within = None if duration.interval is None else Interval(only, only)
    return Duration(duration.n, only, within, Middle.GEOMETRIC, alike=True)


def geometric_mean_from_spread(
    of: SampleSpread | None, *, confidence: float = CONFIDENCE
) -> Duration | None:
    """The same of the mean and deviation of ln(seconds), when the times are gone; None for none."""
    log_mean = mean_from_spread(of, confidence=confidence)
    if log_mean is None:
        return None
    within = log_mean.interval and Interval(
        _exp(log_mean.interval.low), _exp(log_mean.interval.high)
    )
    return Duration(log_mean.n, _exp(log_mean.value), within, Middle.GEOMETRIC, log_mean.alike)


def median_time(seconds: Sequence[float], *, confidence: float = CONFIDENCE) -> Duration | None:
    """The time that half of them need at most, between two times of the sample.

    From the k-th shortest to the k-th longest, k the largest such that fewer than k of n throws
    of a coin are heads with a probability of alpha/2 at most (Hahn & Meeker, *Statistical
    Intervals*, 1991, § 5.2): never less sure than it says, whatever the law of the times. Where
    too few times allow that, no interval. None for no time. Raises as `time_on_task`.
    """
    logarithms(seconds)
    if not seconds:
        return None
    ordered = sorted(float(value) for value in seconds)
    n = len(ordered)
    rank = _median_rank(n, (1 - confidence) / 2)
    within = Interval(ordered[rank - 1], ordered[n - rank]) if rank else None
    return Duration(n, median(ordered), within, Middle.MEDIAN, alike=ordered[0] == ordered[-1])


def logarithms(seconds: Sequence[float]) -> list[float]:
    """ln of each time. Raises as `time_on_task`."""
    if any(not 0 < value < math.inf for value in seconds):
        raise ValueError("a time is more than 0 seconds")
    return [math.log(value) for value in seconds]


def _median_rank(n: int, tail: float) -> int:
    """k of `median_time`; 0 where even the shortest and the longest are not sure enough."""
    below, rank = 0, 0
    while rank <= n:
        below += math.comb(n, rank)
        if below / 2**n > tail:
            break
        rank += 1
    return rank


def _exp(power: float) -> float:
    """Two very different times say nothing of the longest: as long as one likes."""
    try:
        return math.exp(power)
    except OverflowError:
        return math.inf

"""Time on task, estimated from few times. Pure.

Times are seconds of participants who managed alone. They are skewed to the right, so the mean is
taken over their logarithms: Sauro & Lewis, *Average task times in usability tests: what to
report?*, CHI, 2010: the geometric mean is the best estimate of the centre for up to 25 times, the
sample median beyond.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from portal.user_tests.statistics.interval_rules import (
    Interval,
    SampleSpread,
    compute_spread,
    mean_from_spread,
)
from portal.user_tests.statistics.quantile_rules import CONFIDENCE

MOST_FOR_MEAN = 25


class CentreEstimateKind(StrEnum):
    """Which estimate of the centre a duration is."""

    GEOMETRIC = "geometric"
    MEDIAN = "median"


@dataclass(frozen=True)
class Duration:
    """The centre of `n` times in seconds; no interval for a single one.

    `alike`: all times are the same, so the interval has width 0.
    """

    n: int
    seconds: float
    interval: Interval | None
    middle: CentreEstimateKind
    alike: bool


def compute_time_on_task(seconds: Sequence[float], *, confidence: float = CONFIDENCE) -> Duration | None:
    """Return the geometric mean of up to 25 times, the median of more; None for no time.

    Raises `ValueError` for a time that is not a finite number of seconds above 0.
    """
    if len(seconds) > MOST_FOR_MEAN:
        return compute_median_duration(seconds, confidence=confidence)
    return compute_geometric_mean_duration(seconds, confidence=confidence)


def compute_geometric_mean_duration(
    seconds: Sequence[float], *, confidence: float = CONFIDENCE
) -> Duration | None:
    """Return exp(m), from exp(m - h) to exp(m + h), with m ± h the t interval over ln(seconds).

    Sauro, *Graph and calculator for confidence intervals for task times*, MeasuringU, 2006. None
    for no time. Raises as `compute_time_on_task`.
    """
    duration = geometric_mean_duration_from_spread(
        compute_spread(compute_logarithms(seconds)), confidence=confidence
    )
    if duration is None or not duration.alike:
        return duration
    single = float(seconds[0])  # exp(ln(x)) is not always x
    within = None if duration.interval is None else Interval(single, single)
    return Duration(duration.n, single, within, CentreEstimateKind.GEOMETRIC, alike=True)


def geometric_mean_duration_from_spread(
    log_times: SampleSpread | None, *, confidence: float = CONFIDENCE
) -> Duration | None:
    """Return the same from mean and deviation of ln(seconds), when the times are deleted."""
    log_mean = mean_from_spread(log_times, confidence=confidence)
    if log_mean is None:
        return None
    within = log_mean.interval and Interval(
        _bounded_exp(log_mean.interval.low), _bounded_exp(log_mean.interval.high)
    )
    return Duration(
        log_mean.n, _bounded_exp(log_mean.value), within, CentreEstimateKind.GEOMETRIC, log_mean.alike
    )


def compute_median_duration(seconds: Sequence[float], *, confidence: float = CONFIDENCE) -> Duration | None:
    """Return the sample median, with an interval between two times of the sample.

    From the k-th shortest to the k-th longest, k the largest such that fewer than k of n coin
    tosses are heads with a probability of at most alpha/2 (Hahn & Meeker, *Statistical
    Intervals*, 1991, § 5.2): distribution-free and conservative. No interval where there are too
    few times for that. None for no time. Raises as `compute_time_on_task`.
    """
    compute_logarithms(seconds)
    if not seconds:
        return None
    ordered = sorted(float(value) for value in seconds)
    n = len(ordered)
    rank = _find_median_rank(n, (1 - confidence) / 2)
    within = Interval(ordered[rank - 1], ordered[n - rank]) if rank else None
    return Duration(n, median(ordered), within, CentreEstimateKind.MEDIAN, alike=ordered[0] == ordered[-1])


def compute_logarithms(seconds: Sequence[float]) -> list[float]:
    """Return ln of each time. Raises as `compute_time_on_task`."""
    if any(not 0 < value < math.inf for value in seconds):
        raise ValueError("a time is more than 0 seconds")
    return [math.log(value) for value in seconds]


def _find_median_rank(n: int, tail: float) -> int:
    """Return k of `compute_median_duration`; 0 where no two times of the sample reach the confidence."""
    below, rank = 0, 0
    while rank <= n:
        below += math.comb(n, rank)
        if below / 2**n > tail:
            break
        rank += 1
    return rank


def _bounded_exp(power: float) -> float:
    """exp, with infinity on overflow: two very different times bound nothing."""
    try:
        return math.exp(power)
    except OverflowError:
        return math.inf

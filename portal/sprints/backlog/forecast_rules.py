"""Forecast of the end of the backlog: a Monte Carlo simulation of the team's own throughput.

Pure and seeded: the same history gives the same answer. Each future sprint draws one past sprint
at random, with replacement (bootstrap; Troy Magennis, *Forecasting and Simulating Software
Development Projects*, 2011). Counts items, never points.

The runs depend on the history alone, not on the size of the backlog. They are simulated once per
history, in segments of sprints, as far as an answer needs, and cached.
"""

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from operator import add
from random import Random
from statistics import fmean, pstdev
from typing import Any

RUNS = 10_000
SEED = 2018
LEAST_SPRINTS = 3
SEGMENT_SPRINTS = 8  # sprints simulated at once
HORIZON = 13 * SEGMENT_SPRINTS  # sprints: two years of weeks, four of fortnights
HUNDREDTHS = 100
DEVIATIONS_MAX = 8  # standard deviations


class TooShortHistory(ValueError):
    """Fewer closed sprints than a forecast needs."""


class ForecastBeyondHorizon(ValueError):
    """The team's own throughput does not reach the end within the horizon."""


def forecast_sprint_count(history: Sequence[int], items: int, confidence: float) -> int:
    """The number of sprints after which `items` are done, with a confidence from 0 to 1.

    `history` holds the items finished by each past sprint. Totals never decrease, so this is the
    first sprint at which that part of the runs has reached `items`. Raises `TooShortHistory`, and
    `ForecastBeyondHorizon` beyond `HORIZON` sprints.
    """
    past_throughput = _get_long_enough_history(history)
    if items <= 0:
        return 0
    if items > _compute_reachable_items(past_throughput):
        raise ForecastBeyondHorizon
    for segment in range(HORIZON // SEGMENT_SPRINTS):
        reached = _simulate_segment(past_throughput, segment).items_reached(confidence)
        if reached[-1] >= items:
            return segment * SEGMENT_SPRINTS + bisect_left(reached, items) + 1
    raise ForecastBeyondHorizon


def _get_long_enough_history(history: Sequence[int]) -> tuple[int, ...]:
    if len(history) < LEAST_SPRINTS:
        raise TooShortHistory
    return tuple(history)


def _compute_reachable_items(history: tuple[int, ...]) -> float:
    """More items than any run reaches within the horizon: beyond this nothing is simulated."""
    spread = DEVIATIONS_MAX * pstdev(history) * sqrt(HORIZON)
    return min(max(history) * HORIZON, fmean(history) * HORIZON + spread)


@dataclass(frozen=True)
class _SimulationSegment:
    """Consecutive sprints of all runs: totals at the end, and percentiles after each sprint."""

    totals: "array[int]"  # items per run, at the end
    random_state: Any  # of the generator, at the end
    by_hundredth: Sequence[Sequence[int]]

    def items_reached(self, confidence: float) -> Sequence[int]:
        """Items that this part of the runs has reached after each sprint; ascending."""
        return self.by_hundredth[max(0, min(HUNDREDTHS, round(confidence * HUNDREDTHS)))]


@lru_cache(maxsize=256)
def _simulate_segment(history: tuple[int, ...], segment: int) -> _SimulationSegment:
    """The `segment`-th segment of all runs, from 0; simulates the earlier ones first."""
    random = Random(SEED)  # noqa: S311  a simulation, not a secret
    totals = array("i", [0]) * RUNS
    if segment:
        before = _simulate_segment(history, segment - 1)
        random.setstate(before.random_state)
        totals = before.totals
    by_sprint = []
    for _ in range(SEGMENT_SPRINTS):
        drawn = random.choices(history, k=RUNS)
        totals = array("i", map(add, totals, drawn))
        by_sprint.append(_compute_item_percentiles(totals))
    return _SimulationSegment(totals, random.getstate(), tuple(zip(*by_sprint, strict=True)))


def _compute_item_percentiles(totals: "array[int]") -> list[int]:
    """Items reached by each hundredth of the runs, from 0 to 100."""
    ranked = sorted(totals, reverse=True)
    return [ranked[max(0, RUNS * part // HUNDREDTHS - 1)] for part in range(HUNDREDTHS + 1)]

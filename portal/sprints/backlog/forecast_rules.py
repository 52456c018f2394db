"""When the backlog may end: a Monte Carlo simulation on the team's own throughput.

Pure and seeded: the same history gives the same answer. Each future sprint draws one past sprint
at random, with replacement (bootstrap; Troy Magennis, *Forecasting and Simulating Software
Development Projects*, 2011). Counted in items, which finish or do not, never in points.

The runs depend on the history alone, never on the size of the backlog: they are walked once after
a close, a stretch of sprints at a time, as far as an answer needs. An item more is a look-up.
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
SEGMENT_SPRINTS = 8  # sprints walked at once
HORIZON = (
    13 * SEGMENT_SPRINTS
)  # two years of weeks, four of fortnights; what takes longer is no forecast
HUNDREDTHS = 100
DEVIATIONS_MAX = 8  # standard deviations


class TooShortHistory(ValueError):
    """Fewer closed sprints than a forecast can stand on."""


class NoEndInSight(ValueError):
    """The team's own throughput does not reach the end within the horizon."""


def forecast_items(history: Sequence[int], sprints: int, confidence: float) -> int:
    """How many items will be done after so many sprints, with that confidence (0 to 1).

    `history` holds the items finished by each past sprint. Raises `TooShortHistory`, and
    `NoEndInSight` beyond `HORIZON` sprints.
    """
    past_throughput = _require_history(history)
    if sprints <= 0:
        return 0
    if sprints > HORIZON:
        raise NoEndInSight
    stretch, place = divmod(sprints - 1, SEGMENT_SPRINTS)
    return _simulate_segment(past_throughput, stretch).items_reached(confidence)[place]


def forecast_sprints(history: Sequence[int], items: int, confidence: float) -> int:
    """After how many sprints so many items will be done, with that confidence (0 to 1).

    What a run has done never falls, so this is the first sprint at which that part of the runs
    has done them. Raises `TooShortHistory`, and `NoEndInSight` beyond `HORIZON` sprints.
    """
    past_throughput = _require_history(history)
    if items <= 0:
        return 0
    if items > _max_reachable_items(past_throughput):
        raise NoEndInSight
    for stretch in range(HORIZON // SEGMENT_SPRINTS):
        reached = _simulate_segment(past_throughput, stretch).items_reached(confidence)
        if reached[-1] >= items:
            return stretch * SEGMENT_SPRINTS + bisect_left(reached, items) + 1
    raise NoEndInSight


def _require_history(history: Sequence[int]) -> tuple[int, ...]:
    if len(history) < LEAST_SPRINTS:
        raise TooShortHistory
    return tuple(history)


def _max_reachable_items(history: tuple[int, ...]) -> float:
    """More items than any of the runs may do within the horizon: beyond it, none is walked."""
    spread = DEVIATIONS_MAX * pstdev(history) * sqrt(HORIZON)
    return min(max(history) * HORIZON, fmean(history) * HORIZON + spread)


@dataclass(frozen=True)
class _SimulationSegment:
    """Some sprints of all runs: where they left them, and what each hundredth had reached."""

    totals: "array[int]"  # of each run, at the end
    random_state: Any  # the state of the generator there
    by_hundredth: Sequence[Sequence[int]]

    def items_reached(self, confidence: float) -> Sequence[int]:
        """After each of the sprints, what that part of the runs has done at least; ascending."""
        return self.by_hundredth[max(0, min(HUNDREDTHS, round(confidence * HUNDREDTHS)))]


@lru_cache(maxsize=256)
def _simulate_segment(history: tuple[int, ...], stretch: int) -> _SimulationSegment:
    """The runs through their `stretch`-th sprints, from 0, after all those before."""
    random = Random(SEED)  # noqa: S311  a simulation, not a secret
    totals = array("i", [0]) * RUNS
    if stretch:
        before = _simulate_segment(history, stretch - 1)
        random.setstate(before.random_state)
        totals = before.totals
    by_sprint = []
    for _ in range(SEGMENT_SPRINTS):
        drawn = random.choices(history, k=RUNS)
        totals = array("i", map(add, totals, drawn))
        by_sprint.append(_hundredths(totals))
    return _SimulationSegment(totals, random.getstate(), tuple(zip(*by_sprint, strict=True)))


def _hundredths(totals: "array[int]") -> list[int]:
    """What each hundredth of the runs, from none to all, has done at least."""
    ranked = sorted(totals, reverse=True)
    return [ranked[max(0, RUNS * part // HUNDREDTHS - 1)] for part in range(HUNDREDTHS + 1)]

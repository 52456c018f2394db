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
STRETCH = 8  # sprints walked at once
HORIZON = 13 * STRETCH  # two years of weeks, four of fortnights; what takes longer is no forecast
HUNDREDTHS = 100
BEYOND_CHANCE = 8  # standard deviations


class TooShortHistory(ValueError):
    """Fewer closed sprints than a forecast can stand on."""


class NoEndInSight(ValueError):
    """The team's own throughput does not reach the end within the horizon."""


def items_within(history: Sequence[int], sprints: int, confidence: float) -> int:
    """How many items will be done after so many sprints, with that confidence (0 to 1).

    `history` holds the items finished by each past sprint. Raises `TooShortHistory`, and
    `NoEndInSight` beyond `HORIZON` sprints.
    """
    known = _checked(history)
    if sprints <= 0:
        return 0
    if sprints > HORIZON:
        raise NoEndInSight
    stretch, place = divmod(sprints - 1, STRETCH)
    return _walk(known, stretch).reached(confidence)[place]


def sprints_for(history: Sequence[int], items: int, confidence: float) -> int:
    """After how many sprints so many items will be done, with that confidence (0 to 1).

    What a run has done never falls, so this is the first sprint at which that part of the runs
    has done them. Raises `TooShortHistory`, and `NoEndInSight` beyond `HORIZON` sprints.
    """
    known = _checked(history)
    if items <= 0:
        return 0
    if items > _reach(known):
        raise NoEndInSight
    for stretch in range(HORIZON // STRETCH):
        reached = _walk(known, stretch).reached(confidence)
        if reached[-1] >= items:
            return stretch * STRETCH + bisect_left(reached, items) + 1
    raise NoEndInSight


def _checked(history: Sequence[int]) -> tuple[int, ...]:
    if len(history) < LEAST_SPRINTS:
        raise TooShortHistory
    return tuple(history)


def _reach(history: tuple[int, ...]) -> float:
    """More items than any of the runs may do within the horizon: beyond it, none is walked."""
    spread = BEYOND_CHANCE * pstdev(history) * sqrt(HORIZON)
    return min(max(history) * HORIZON, fmean(history) * HORIZON + spread)


@dataclass(frozen=True)
class _Stretch:
    """Some sprints of all runs: where they left them, and what each hundredth had reached."""

    totals: "array[int]"  # of each run, at the end
    chance: Any  # the state of the generator there
    by_hundredth: Sequence[Sequence[int]]

    def reached(self, confidence: float) -> Sequence[int]:
        """After each of the sprints, what that part of the runs has done at least; ascending."""
        return self.by_hundredth[max(0, min(HUNDREDTHS, round(confidence * HUNDREDTHS)))]


@lru_cache(maxsize=256)
def _walk(history: tuple[int, ...], stretch: int) -> _Stretch:
    """The runs through their `stretch`-th sprints, from 0, after all those before."""
    random = Random(SEED)  # noqa: S311  a simulation, not a secret
    totals = array("i", [0]) * RUNS
    if stretch:
        before = _walk(history, stretch - 1)
        random.setstate(before.chance)
        totals = before.totals
    by_sprint = []
    for _ in range(STRETCH):
        drawn = random.choices(history, k=RUNS)
        totals = array("i", map(add, totals, drawn))
        by_sprint.append(_hundredths(totals))
    return _Stretch(totals, random.getstate(), tuple(zip(*by_sprint, strict=True)))


def _hundredths(totals: "array[int]") -> list[int]:
    """What each hundredth of the runs, from none to all, has done at least."""
    ranked = sorted(totals, reverse=True)
    return [ranked[max(0, RUNS * part // HUNDREDTHS - 1)] for part in range(HUNDREDTHS + 1)]

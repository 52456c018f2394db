"""When the backlog may end: a Monte Carlo simulation on the team's own throughput.

Pure and seeded: the same history gives the same answer. Each future sprint draws one past sprint
at random, with replacement (bootstrap; Troy Magennis, *Forecasting and Simulating Software
Development Projects*, 2011). Counted in items, which finish or do not, never in points.
"""

from collections.abc import Sequence
from functools import lru_cache
from random import Random

RUNS = 10_000
SEED = 2018
LEAST_SPRINTS = 3
HORIZON = 200  # sprints; what takes longer is not a forecast


class TooShortHistory(ValueError):
    """Fewer closed sprints than a forecast can stand on."""


class NoEndInSight(ValueError):
    """The team's own throughput does not reach the end within the horizon."""


def items_within(history: Sequence[int], sprints: int, confidence: float) -> int:
    """How many items will be done after so many sprints, with that confidence (0 to 1).

    `history` holds the items finished by each past sprint. Raises `TooShortHistory`.
    """
    totals = sorted(_totals(_checked(history), sprints), reverse=True)
    return totals[_rank(confidence)]


def sprints_for(history: Sequence[int], items: int, confidence: float) -> int:
    """After how many sprints so many items will be done, with that confidence (0 to 1).

    Raises `TooShortHistory`, and `NoEndInSight` beyond `HORIZON` sprints.
    """
    if items <= 0:
        _checked(history)
        return 0
    needed = _sprints_needed(_checked(history), items)[_rank(confidence)]
    if needed > HORIZON:
        raise NoEndInSight
    return needed


def _checked(history: Sequence[int]) -> tuple[int, ...]:
    if len(history) < LEAST_SPRINTS:
        raise TooShortHistory
    return tuple(history)


def _rank(confidence: float) -> int:
    """The place, among sorted runs, that so many of them reach."""
    return max(0, min(RUNS - 1, round(confidence * RUNS) - 1))


@lru_cache(maxsize=512)
def _totals(history: tuple[int, ...], sprints: int) -> tuple[int, ...]:
    """What each run has done after so many sprints."""
    random = Random(SEED)  # noqa: S311  a simulation, not a secret
    done = [0] * RUNS
    for _ in range(sprints):
        done = [d + drawn for d, drawn in zip(done, random.choices(history, k=RUNS), strict=True)]
    return tuple(done)


@lru_cache(maxsize=512)
def _sprints_needed(history: tuple[int, ...], items: int) -> tuple[int, ...]:
    """How many sprints each run needs, ascending; those that never end count one too many."""
    random = Random(SEED)  # noqa: S311  a simulation, not a secret
    left = [items] * RUNS
    needed: list[int] = []
    for sprint in range(1, HORIZON + 1):
        drawn = random.choices(history, k=len(left))
        left = [still for was, done in zip(left, drawn, strict=True) if (still := was - done) > 0]
        needed += [sprint] * (RUNS - len(needed) - len(left))
        if not left or not any(history):
            break
    return tuple(needed + [HORIZON + 1] * len(left))

"""How far the teams of a programme are, as a distribution: never who is where."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import quantiles

from portal.health.standing import State

TEAMS_MIN = 4  # below which a distribution would tell who is where


@dataclass(frozen=True)
class Spread:
    """Gates accepted, in per cent: the middle half of so many teams lies between."""

    teams: int
    low: int
    high: int


def spread_of(states: Iterable[State]) -> Spread | None:
    """None where there are too few teams."""
    found = sorted(one.numbers.accepted for one in states)
    if len(found) < TEAMS_MIN:
        return None
    first, _second, third = quantiles(found, n=4, method="inclusive")
    return Spread(len(found), int(first), int(third))

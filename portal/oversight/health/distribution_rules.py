"""How far the teams of a programme are, as a distribution: never who is where."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import quantiles

from portal.oversight.health.state_rules import HealthState

TEAMS_MIN = 4  # below which a distribution would tell who is where


@dataclass(frozen=True)
class AcceptanceSpread:
    """Gates accepted, in per cent: the middle half of so many teams lies between."""

    teams: int
    low: int
    high: int


def acceptance_spread(states: Iterable[HealthState]) -> AcceptanceSpread | None:
    """None where there are too few teams."""
    shares = sorted(state.numbers.accepted for state in states)
    if len(shares) < TEAMS_MIN:
        return None
    first, _second, third = quantiles(shares, n=4, method="inclusive")
    return AcceptanceSpread(len(shares), int(first), int(third))

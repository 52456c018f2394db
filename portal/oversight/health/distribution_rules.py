"""Distribution of the accepted gates over the teams of a programme; names no team. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import quantiles

from portal.oversight.health.state_rules import HealthState

TEAMS_MIN = 4  # with fewer, a distribution would identify teams


@dataclass(frozen=True)
class AcceptanceSpread:
    """First and third quartile of accepted weight in per cent, over `teams` teams."""

    teams: int
    low: int
    high: int


def acceptance_spread(states: Iterable[HealthState]) -> AcceptanceSpread | None:
    """Return the quartiles (inclusive method), None for fewer than `TEAMS_MIN` teams."""
    shares = sorted(state.numbers.accepted for state in states)
    if len(shares) < TEAMS_MIN:
        return None
    first, _second, third = quantiles(shares, n=4, method="inclusive")
    return AcceptanceSpread(len(shares), int(first), int(third))

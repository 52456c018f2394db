"""Problem discovery: the share of problems found, and the participants needed for it. Pure.

A problem's rate is the chance that one participant meets it, 0 to 1. Sources: Nielsen & Landauer,
*A mathematical model of the finding of usability problems*, CHI, 1993; Lewis, *Evaluation of
procedures for adjusting problem-discovery rates estimated from small samples*, International
Journal of Human-Computer Interaction, 2001.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from portal.user_tests.statistics.interval_rules import Interval

_LAST_DIGITS = 1e-9  # rounding error tolerated before a number of participants is rounded up


@dataclass(frozen=True)
class DiscoveryRate:
    """The mean rate of the problems seen by `n` participants: as counted, and adjusted.

    Few participants see the frequent problems first, so `raw` overestimates; `adjusted` is the
    mean of `good_turing` and `normalised`.
    """

    n: int
    problems: int
    raw: float
    good_turing: float
    normalised: float
    adjusted: float


@dataclass(frozen=True)
class Discovery:
    """The estimated share of the problems that `n` participants have met, 0 to 1.

    The interval is the range between the two adjustments; it has no level of confidence.
    """

    rate: DiscoveryRate
    discovered_share: float
    interval: Interval


def discovered_share(rate: float, n: int) -> float:
    """Return 1 - (1 - p)ⁿ: the share of problems of a rate that n participants meet, 0 to 1.

    Raises `ValueError` unless 0 ≤ rate ≤ 1 and n ≥ 0.
    """
    if not (0 <= rate <= 1 and n >= 0):
        raise ValueError(f"no {n} participants at a rate of {rate}")
    if rate == 1:
        return 1.0 if n else 0.0
    return -math.expm1(n * math.log1p(-rate))


def users_needed(rate: float, goal: float) -> int:
    """Return how many participants meet a share `goal` of the problems, rounded up."""
    return math.ceil(users_needed_unrounded(rate, goal) - _LAST_DIGITS)


def users_needed_unrounded(rate: float, goal: float) -> float:
    """Return ln(1 - goal) / ln(1 - p), not rounded; at least 1.

    Raises `ValueError` unless 0 < rate ≤ 1 and 0 < goal < 1.
    """
    if not (0 < rate <= 1 and 0 < goal < 1):
        raise ValueError(f"{goal} cannot be reached at a rate of {rate}")
    return 1.0 if rate == 1 else max(1.0, math.log1p(-goal) / math.log1p(-rate))


def compute_adjusted_discovery_rate(problems: Sequence[Sequence[bool | int]]) -> DiscoveryRate | None:
    """Return the rate of a matrix, a row per problem and a column per participant (true: met).

    raw p = hits / (problems · n); Good–Turing p / (1 + problems met once / problems); normalised
    (p - 1/n) (1 - 1/n); adjusted, their mean (Lewis, 2001). None for an empty
    matrix. Raises `ValueError` for rows of different lengths, or a problem that no participant met.
    """
    if not problems:
        return None
    n, hits = len(problems[0]), [sum(map(bool, row)) for row in problems]
    if any(len(row) != n for row in problems) or not all(hits):
        raise ValueError("each problem has a place for each participant, and was met by one")
    raw = sum(hits) / (len(hits) * n)
    turing = raw / (1 + hits.count(1) / len(hits))
    normalised = max(0.0, (raw - 1 / n) * (1 - 1 / n))  # below 0 by rounding only
    return DiscoveryRate(n, len(hits), raw, turing, normalised, (turing + normalised) / 2)


def compute_discovery(problems: Sequence[Sequence[bool | int]]) -> Discovery | None:
    """Return the share of problems met (matrix as for `compute_adjusted_discovery_rate`), or None."""
    rate = compute_adjusted_discovery_rate(problems)
    if rate is None:
        return None
    ends = sorted((discovered_share(rate.normalised, rate.n), discovered_share(rate.good_turing, rate.n)))
    return Discovery(rate, discovered_share(rate.adjusted, rate.n), Interval(*ends))

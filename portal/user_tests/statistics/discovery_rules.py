"""How much of what there is to find a test has found, and how many participants that takes. Pure.

A problem's rate is the chance that one participant meets it, 0 to 1. Sources: Nielsen & Landauer,
*A mathematical model of the finding of usability problems*, CHI, 1993; Lewis, *Evaluation of
procedures for adjusting problem-discovery rates estimated from small samples*, International
Journal of Human-Computer Interaction, 2001.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from portal.user_tests.statistics.interval_rules import Interval

_LAST_DIGITS = 1e-9  # of a number of participants, below which it is whole


@dataclass(frozen=True)
class Rate:
    """The mean rate of the problems seen by `n` participants: as counted, and adjusted.

    Few participants see the frequent problems first, so `raw` is too high; `adjusted` is the
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
    """The part of the problems that `n` participants have probably met, 0 to 1.

    The interval goes from one of the two adjustments to the other: it tells how far they part,
    and has no level of confidence.
    """

    rate: Rate
    discovered_share: float
    interval: Interval


def discovered_share(rate: float, n: int) -> float:
    """1 - (1 - p)ⁿ: the part of problems of a rate that n participants meet, 0 to 1.

    Raises `ValueError` unless 0 ≤ rate ≤ 1 and n ≥ 0.
    """
    if not (0 <= rate <= 1 and n >= 0):
        raise ValueError(f"no {n} participants at a rate of {rate}")
    if rate == 1:
        return 1.0 if n else 0.0
    return -math.expm1(n * math.log1p(-rate))


def users_needed(rate: float, goal: float) -> int:
    """How many participants meet a part `goal` of the problems of a rate: the whole of
    `users_exact`."""
    return math.ceil(users_exact(rate, goal) - _LAST_DIGITS)


def users_exact(rate: float, goal: float) -> float:
    """ln(1 - goal) / ln(1 - p), before it is rounded up; at least 1, since nobody finds nothing.

    Raises `ValueError` unless 0 < rate ≤ 1 and 0 < goal < 1.
    """
    if not (0 < rate <= 1 and 0 < goal < 1):
        raise ValueError(f"{goal} cannot be reached at a rate of {rate}")
    return 1.0 if rate == 1 else max(1.0, math.log1p(-goal) / math.log1p(-rate))


def adjusted_rate(problems: Sequence[Sequence[bool | int]]) -> Rate | None:
    """Of a row for each problem and a column for each participant: true where one met the other.

    raw p = hits / (problems · n); Good–Turing p / (1 + problems met once / problems); normalised
    (p - 1/n) (1 - 1/n); adjusted, their mean (Lewis, 2001). None while no problem was seen.
    Raises `ValueError` for rows of different lengths, or a problem that no participant met.
    """
    if not problems:
        return None
    n, hits = len(problems[0]), [sum(map(bool, row)) for row in problems]
    if any(len(row) != n for row in problems) or not all(hits):
        raise ValueError("each problem has a place for each participant, and was met by one")
    raw = sum(hits) / (len(hits) * n)
    turing = raw / (1 + hits.count(1) / len(hits))
    normalised = max(0.0, (raw - 1 / n) * (1 - 1 / n))  # less than 0 by its last digit only
    return Rate(n, len(hits), raw, turing, normalised, (turing + normalised) / 2)


def discovery(problems: Sequence[Sequence[bool | int]]) -> Discovery | None:
    """What part of the problems the participants of `adjusted_rate` have met, by its rates."""
    rate = adjusted_rate(problems)
    if rate is None:
        return None
    ends = sorted(
        (discovered_share(rate.normalised, rate.n), discovered_share(rate.good_turing, rate.n))
    )
    return Discovery(rate, discovered_share(rate.adjusted, rate.n), Interval(*ends))

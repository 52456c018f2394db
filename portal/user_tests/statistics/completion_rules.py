"""Completion rate of a task and its confidence interval. Pure.

Shares are between 0 and 1. A participant who was helped counts as a failure; one who did not try
is not counted. Sources: Agresti & Coull, *Approximate is better than “exact” for interval
estimation of binomial proportions*, The American Statistician, 1998; Sauro & Lewis, *Estimating
completion rates from small samples using binomial confidence intervals*, HFES, 2005.
"""

import math
from dataclasses import dataclass

from portal.user_tests.statistics.interval_rules import Interval
from portal.user_tests.statistics.quantile_rules import CONFIDENCE, two_sided_z


@dataclass(frozen=True)
class Completion:
    """`successes` of `n` who tried, with the adjusted Wald interval of that share."""

    successes: int
    n: int
    interval: Interval


def compute_completion(successes: int, n: int, *, confidence: float = CONFIDENCE) -> Completion | None:
    """Return the completion of a task; None when nobody tried. Raises as `adjusted_wald`."""
    if n == 0 == successes:
        return None
    return Completion(successes, n, adjusted_wald(successes, n, confidence=confidence))


def adjusted_wald(successes: int, n: int, *, confidence: float = CONFIDENCE) -> Interval:
    """Return Wald’s interval with z²/2 successes and z²/2 failures added (Agresti & Coull, 1998).

    ñ = n + z², p̃ = (x + z²/2) / ñ, p̃ ± z √(p̃ (1 - p̃) / ñ), cut at 0 and 1. Sauro & Lewis
    (2005) advise it for small samples: its average coverage is the nominal one, and it is
    conservative near 0 and 1. Raises `ValueError` unless 0 ≤ successes ≤ n and n > 0.
    """
    if not 0 <= successes <= n or n < 1:
        raise ValueError(f"{successes} of {n} cannot have managed")
    z = two_sided_z(confidence)
    trials = n + z * z
    share = (successes + z * z / 2) / trials
    half = z * math.sqrt(share * (1 - share) / trials)
    return Interval(share - half, share + half).clip(0, 1)

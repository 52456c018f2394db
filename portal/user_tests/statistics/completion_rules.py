"""How many of those who tried a task managed it, and how many would. Pure.

Shares are between 0 and 1. Whoever was helped has tried and has not managed alone; who did not
try is not counted. Sources: Agresti & Coull, *Approximate is better than “exact” for interval
estimation of binomial proportions*, The American Statistician, 1998; Sauro & Lewis, *Estimating
completion rates from small samples using binomial confidence intervals*, HFES, 2005; Lewis &
Sauro, *When 100 % really isn’t 100 %: improving the accuracy of small-sample estimates of
completion rates*, Journal of Usability Studies, 2006.
"""

import math
from dataclasses import dataclass

from portal.user_tests.statistics.interval_rules import Interval
from portal.user_tests.statistics.quantile_rules import CONFIDENCE, beta_quantile, two_sided

_EVEN = 0.5  # up to here, Lewis & Sauro take the middle of Wilson's interval
_HIGH = 0.9  # from here on, they take Laplace's estimate


@dataclass(frozen=True)
class Completion:
    """`successes` of `n` who tried; the interval is the adjusted Wald's, `wilson` stands beside
    it.

    `best` is the most likely share, 0 to 1: it is not `successes / n` at the ends of the scale.
    """

    successes: int
    n: int
    best: float
    interval: Interval
    wilson: Interval


def completion(successes: int, n: int, *, confidence: float = CONFIDENCE) -> Completion | None:
    """All that is said of one task; None when nobody tried. Raises as `adjusted_wald` for the
    rest."""
    if n == 0 == successes:
        return None
    return Completion(
        successes=successes,
        n=n,
        best=best_estimate(successes, n),
        interval=adjusted_wald(successes, n, confidence=confidence),
        wilson=wilson(successes, n, confidence=confidence),
    )


def adjusted_wald(successes: int, n: int, *, confidence: float = CONFIDENCE) -> Interval:
    """Agresti & Coull (1998): Wald’s interval with z²/2 successes and z²/2 failures added.

    ñ = n + z², p̃ = (x + z²/2) / ñ, p̃ ± z √(p̃ (1 - p̃) / ñ), cut at 0 and 1. What Sauro &
    Lewis (2005) advise for small samples: it holds what it promises on average, and errs to the
    safe side at the ends. Raises `ValueError` unless 0 ≤ successes ≤ n and n > 0.
    """
    _check(successes, n)
    z = two_sided(confidence)
    trials = n + z * z
    share = (successes + z * z / 2) / trials
    half = z * math.sqrt(share * (1 - share) / trials)
    return Interval(share - half, share + half).clip(0, 1)


def wilson(successes: int, n: int, *, confidence: float = CONFIDENCE) -> Interval:
    """Wilson’s score interval (Journal of the American Statistical Association, 1927).

    (p + z²/2n ± z √(p (1 - p)/n + z²/4n²)) / (1 + z²/n). Raises as `adjusted_wald`.
    """
    _check(successes, n)
    z = two_sided(confidence)
    share, over = successes / n, 1 + z * z / n
    middle = (share + z * z / (2 * n)) / over
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / over
    # At both ends the formula is exactly 0 or 1, and the machine is off by its last digit.
    low = 0.0 if successes == 0 else middle - half
    high = 1.0 if successes == n else middle + half
    return Interval(low, high).clip(0, 1)


def clopper_pearson(successes: int, n: int, *, confidence: float = CONFIDENCE) -> Interval:
    """The “exact” interval (Clopper & Pearson, Biometrika, 1934): never less sure, often wider.

    From the quantile alpha/2 of the beta law of x and n - x + 1 to the quantile 1 - alpha/2 of
    that of x + 1 and n - x. Raises as `adjusted_wald`.
    """
    _check(successes, n)
    tail, failures = (1 - confidence) / 2, n - successes
    low = beta_quantile(tail, successes, failures + 1) if successes else 0.0
    high = beta_quantile(1 - tail, successes + 1, failures) if failures else 1.0
    return Interval(low, high)


def laplace(successes: int, n: int) -> float:
    """(x + 1) / (n + 2): the share after a success and a failure more (law of succession, 1774).

    It is ½ when nobody tried. Raises `ValueError` unless 0 ≤ successes ≤ n.
    """
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} cannot have managed")
    return (successes + 1) / (n + 2)


def best_estimate(successes: int, n: int) -> float:
    """The share to tell when one figure is asked for (Lewis & Sauro, 2006), 0 to 1.

    Up to a half, the middle of Wilson’s interval (z = 1.96); from 0.9, Laplace’s; between them x
    / n. Raises as `adjusted_wald`.
    """
    _check(successes, n)
    share = successes / n
    if share <= _EVEN:
        z = 1.96  # as published, whatever confidence the interval has
        return (successes + z * z / 2) / (n + z * z)
    return share if share < _HIGH else laplace(successes, n)


def _check(successes: int, n: int) -> None:
    if not 0 <= successes <= n or n < 1:
        raise ValueError(f"{successes} of {n} cannot have managed")

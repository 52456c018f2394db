"""Quantiles of the three laws that the figures stand on: normal, Student's t and beta. Pure.

The normal law is the standard library's. The two others are read off the regularised incomplete
beta function, computed by its continued fraction (Abramowitz & Stegun, *Handbook of Mathematical
Functions*, 26.5.8) with Lentz's algorithm (as modified by Thompson & Barnett, 1986), and
inverted by bisection, which cannot leave its bounds. ADR 0025 says why this is not a library.
"""

import math
from functools import lru_cache
from statistics import NormalDist

CONFIDENCE = 0.95  # of every interval, where nothing else is asked

_TINY = 1e-300  # stands where Lentz's algorithm would divide by 0
_EXACT = 1e-15
_MOST_TERMS = 10_000  # some √max(a, b) of them are needed
_HALVINGS = 100  # more than a number between 0 and 1 has digits that matter here
_REMEMBERED = 4096


def normal_quantile(p: float) -> float:
    """The value under which a share `p` of the standard normal law lies.

    Raises `ValueError` unless 0 < p < 1.
    """
    if not 0 < p < 1:
        raise ValueError(f"no quantile at {p}")
    return NormalDist().inv_cdf(p)


def two_sided(confidence: float) -> float:
    """z of a two-sided interval: 1.96 for a confidence of 0.95. Raises `ValueError` outside ]0,
    1[."""
    return normal_quantile(0.5 + confidence / 2)


@lru_cache(maxsize=_REMEMBERED)
def t_two_sided(confidence: float, freedom: float) -> float:
    """t of a two-sided interval, with so many degrees of freedom (a fraction is one, as Welch's).

    With Y = T² / (freedom + T²), which follows the beta law of ½ and freedom / 2 (Abramowitz &
    Stegun, 26.7.1). Raises `ValueError` unless 0 < confidence < 1 and freedom > 0.
    """
    if not (0 < confidence < 1 and freedom > 0):
        raise ValueError(f"no t at {confidence} with {freedom} degrees of freedom")
    y = beta_quantile(confidence, 0.5, freedom / 2)
    return math.sqrt(freedom * y / (1 - y))


@lru_cache(maxsize=_REMEMBERED)
def beta_quantile(p: float, a: float, b: float) -> float:
    """The value under which a share `p` of the beta law of a and b lies, 0 to 1.

    Raises `ValueError` unless 0 ≤ p ≤ 1, a > 0 and b > 0.
    """
    if not 0 <= p <= 1:
        raise ValueError(f"no quantile at {p}")
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if not low < middle < high:
            break
        if incomplete_beta(middle, a, b) < p:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def incomplete_beta(x: float, a: float, b: float) -> float:
    """I_x(a, b): the share of the beta law of a and b that lies under x, 0 to 1.

    Raises `ValueError` unless 0 ≤ x ≤ 1, a > 0 and b > 0.
    """
    if not (0 <= x <= 1 and a > 0 and b > 0):
        raise ValueError(f"no beta law of {a} and {b} at {x}")
    if x in (0.0, 1.0):
        return x
    # The fraction converges fast on this side of the law's middle; the other side is its mirror.
    if x > (a + 1) / (a + b + 2):
        return 1 - _by_fraction(1 - x, b, a)
    return _by_fraction(x, a, b)


def _by_fraction(x: float, a: float, b: float) -> float:
    log_beta = math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
    front = math.exp(a * math.log(x) + b * math.log1p(-x) - log_beta) / a
    return front * _fraction(x, a, b)


def _fraction(x: float, a: float, b: float) -> float:
    """1 / (1 + d₁ / (1 + d₂ / (1 + …))), from its front."""
    value, numerator, denominator = 1.0, 1.0, 0.0
    for n in range(1, _MOST_TERMS):
        term = _term(n, x, a, b)
        denominator = 1 / (1 + term * denominator or _TINY)
        numerator = 1 + term / numerator or _TINY
        factor = numerator * denominator
        value *= factor
        if abs(factor - 1) < _EXACT:
            return 1 / value
    raise ArithmeticError(f"the beta law of {a} and {b} does not converge at {x}")


def _term(n: int, x: float, a: float, b: float) -> float:
    """dₙ of Abramowitz & Stegun 26.5.8."""
    m = n // 2
    if n % 2:
        return -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    return m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))

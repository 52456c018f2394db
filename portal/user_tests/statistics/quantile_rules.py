"""Quantiles of the normal, Student's t and beta distributions. Pure.

The normal quantile is the standard library's. The two others come from the regularised incomplete
beta function, computed by its continued fraction (Abramowitz & Stegun, *Handbook of Mathematical
Functions*, 26.5.8) with Lentz's algorithm (as modified by Thompson & Barnett, 1986), and
inverted by bisection, which always converges. ADR 0025 says why this is not a library.
"""

import math
from functools import lru_cache
from statistics import NormalDist

CONFIDENCE = 0.95  # default of every interval

_TINY = 1e-300  # replaces a denominator of 0 in Lentz's algorithm
_EXACT = 1e-15
_MOST_TERMS = 10_000  # about √max(a, b) are needed
_HALVINGS = 100  # more than the precision of a float needs
_CACHE_SIZE = 4096


def normal_quantile(p: float) -> float:
    """Return the quantile of the standard normal distribution at `p`.

    Raises `ValueError` unless 0 < p < 1.
    """
    if not 0 < p < 1:
        raise ValueError(f"no quantile at {p}")
    return NormalDist().inv_cdf(p)


def two_sided_z(confidence: float) -> float:
    """Return z of a two-sided interval: 1.96 for 0.95. Raises `ValueError` outside ]0, 1[."""
    return normal_quantile(0.5 + confidence / 2)


@lru_cache(maxsize=_CACHE_SIZE)
def two_sided_t(confidence: float, freedom: float) -> float:
    """Return t of a two-sided interval; degrees of freedom may be fractional, as Welch's.

    T² / (freedom + T²) follows the beta distribution of ½ and freedom / 2 (Abramowitz & Stegun,
    26.7.1). Raises `ValueError` unless 0 < confidence < 1 and freedom > 0.
    """
    if not (0 < confidence < 1 and freedom > 0):
        raise ValueError(f"no t at {confidence} with {freedom} degrees of freedom")
    y = beta_quantile(confidence, 0.5, freedom / 2)
    return math.sqrt(freedom * y / (1 - y))


@lru_cache(maxsize=_CACHE_SIZE)
def beta_quantile(p: float, a: float, b: float) -> float:
    """Return the quantile of the beta distribution of a and b at `p`, 0 to 1.

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
    """Return I_x(a, b): the distribution function of the beta distribution at x, 0 to 1.

    Raises `ValueError` unless 0 ≤ x ≤ 1, a > 0 and b > 0.
    """
    if not (0 <= x <= 1 and a > 0 and b > 0):
        raise ValueError(f"no beta law of {a} and {b} at {x}")
    if x in (0.0, 1.0):
        return x
    # The fraction converges fast below the mean; above it, use the symmetry of the distribution.
    if x > (a + 1) / (a + b + 2):
        return 1 - _incomplete_beta_by_fraction(1 - x, b, a)
    return _incomplete_beta_by_fraction(x, a, b)


def _incomplete_beta_by_fraction(x: float, a: float, b: float) -> float:
    log_beta = math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
    front = math.exp(a * math.log(x) + b * math.log1p(-x) - log_beta) / a
    return front * _compute_beta_fraction(x, a, b)


def _compute_beta_fraction(x: float, a: float, b: float) -> float:
    """Return 1 / (1 + d₁ / (1 + d₂ / (1 + …))), by Lentz's algorithm."""
    value, numerator, denominator = 1.0, 1.0, 0.0
    for n in range(1, _MOST_TERMS):
        term = _compute_fraction_term(n, x, a, b)
        denominator = 1 / (1 + term * denominator or _TINY)
        numerator = 1 + term / numerator or _TINY
        factor = numerator * denominator
        value *= factor
        if abs(factor - 1) < _EXACT:
            return 1 / value
    raise ArithmeticError(f"the beta law of {a} and {b} does not converge at {x}")


def _compute_fraction_term(n: int, x: float, a: float, b: float) -> float:
    """Return dₙ of Abramowitz & Stegun 26.5.8."""
    m = n // 2
    if n % 2:
        return -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    return m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))

"""The level of a risk, from its likelihood and severity. Pure.

The four steps of each are those of the French method for data protection (CNIL, *Analyse d’impact*,
2018: negligible, limited, important, maximal). The thresholds are ours.
"""

from enum import StrEnum

SCALE_MIN, SCALE_MAX = 1, 4
SCALE_STEPS = range(SCALE_MIN, SCALE_MAX + 1)
MODERATE_FROM, HIGH_FROM = 4, 8  # likelihood × severity


class RiskLevel(StrEnum):
    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"


def find_level(likelihood: int, severity: int) -> RiskLevel:
    """The level of two steps from 1 to 4. Raises `ValueError` off the scale."""
    if likelihood not in SCALE_STEPS or severity not in SCALE_STEPS:
        raise ValueError(f"{likelihood} × {severity} is off the scale")
    score = likelihood * severity
    if score >= HIGH_FROM:
        return RiskLevel.HIGH
    return RiskLevel.MODERATE if score >= MODERATE_FROM else RiskLevel.LOW

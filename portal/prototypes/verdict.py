"""Whether a result is enough. Pure."""

from enum import StrEnum

from portal.framing.metrics import Direction


class Standing(StrEnum):
    """Where a result stands beside the baseline and the threshold."""

    ENOUGH = "enough"
    BETTER = "better"  # than the baseline, and not enough
    NO_BETTER = "no_better"


def judge(direction: Direction, *, baseline: float, threshold: float, result: float) -> Standing:
    """Reaching the threshold is enough; only doing better than the baseline is better."""
    if at_least(direction, result, threshold):
        return Standing.ENOUGH
    return Standing.NO_BETTER if at_least(direction, baseline, result) else Standing.BETTER


def at_least(direction: Direction, one: float, other: float) -> bool:
    """Whether the one is as good as the other."""
    return one >= other if direction is Direction.UP else one <= other

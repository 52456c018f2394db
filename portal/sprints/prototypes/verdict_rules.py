"""Whether a result is enough. Pure."""

from enum import StrEnum

from portal.project.framing.metric_models import Direction


class EvaluationVerdict(StrEnum):
    """Where a result stands beside the baseline and the threshold."""

    ENOUGH = "enough"
    BETTER = "better"  # than the baseline, and not enough
    NO_BETTER = "no_better"


def judge_result(
    direction: Direction, *, baseline: float, threshold: float, result: float
) -> EvaluationVerdict:
    """Reaching the threshold is enough; only doing better than the baseline is better."""
    if is_at_least_as_good(direction, result, threshold):
        return EvaluationVerdict.ENOUGH
    return (
        EvaluationVerdict.NO_BETTER
        if is_at_least_as_good(direction, baseline, result)
        else EvaluationVerdict.BETTER
    )


def is_at_least_as_good(direction: Direction, value: float, other: float) -> bool:
    """Whether the one is as good as the other."""
    return value >= other if direction is Direction.UP else value <= other

"""The verdict on a result: compared with a baseline and a threshold. Pure."""

from enum import StrEnum

from portal.project.framing.metric_models import MetricDirection


class EvaluationVerdict(StrEnum):
    """A result compared with the baseline and the threshold."""

    ENOUGH = "enough"
    BETTER = "better"  # than the baseline, but below the threshold
    NO_BETTER = "no_better"


def judge_result(
    direction: MetricDirection, *, baseline: float, threshold: float, result: float
) -> EvaluationVerdict:
    """Reaching the threshold is enough; equalling the baseline is not better."""
    if is_at_least_as_good(direction, result, threshold):
        return EvaluationVerdict.ENOUGH
    return (
        EvaluationVerdict.NO_BETTER
        if is_at_least_as_good(direction, baseline, result)
        else EvaluationVerdict.BETTER
    )


def is_at_least_as_good(direction: MetricDirection, value: float, other: float) -> bool:
    """Whether `value` equals `other` or is better, in this direction."""
    return value >= other if direction is MetricDirection.UP else value <= other

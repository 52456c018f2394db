"""Change between two rounds, with its confidence interval and verdict. Pure.

The samples are independent: the participants of two rounds are different people. A change is
significant when its interval does not contain “no change”; two overlapping intervals of the rounds
prove nothing. Sources: Agresti & Caffo, *Simple and effective confidence intervals for proportions
and differences of proportions*, The American Statistician, 2000; Welch, *The generalization of
“Student’s” problem*, Biometrika, 1947.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

from portal.user_tests.statistics.completion_rules import Completion
from portal.user_tests.statistics.interval_rules import Interval, SampleSpread
from portal.user_tests.statistics.quantile_rules import CONFIDENCE, two_sided_t, two_sided_z


class ChangeVerdict(StrEnum):
    """Whether a change is an improvement; UNCLEAR while its interval contains “no change”."""

    BETTER = "better"
    WORSE = "worse"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class MeasuredChange:
    """From a round of `before` values to one of `after`; no interval where a round has too few.

    `amount` is a difference, later minus earlier (of shares, -1 to 1; of scores, in points), or
    for times the later divided by the earlier: 0.5 is twice as fast.
    """

    before: int
    after: int
    amount: float
    interval: Interval | None
    verdict: ChangeVerdict


def compute_completion_change(
    before: Completion | None, after: Completion | None, *, confidence: float = CONFIDENCE
) -> MeasuredChange | None:
    """Return the difference of two shares, with the adjusted Wald interval; more is better.

    z²/4 successes and failures are added to each round, about one of each (Agresti & Caffo,
    2000; with z for any confidence: Sauro & Lewis, 2016): p̃₂ - p̃₁ ± z √(Σ p̃ (1 - p̃) / ñ),
    cut at -1 and 1. None where nobody tried in a round.
    """
    if before is None or after is None:
        return None
    z = two_sided_z(confidence)
    trials = [completion.n + z * z / 2 for completion in (before, after)]
    shares = [
        (completion.successes + z * z / 4) / n for completion, n in zip((before, after), trials, strict=True)
    ]
    variance = sum(share * (1 - share) / n for share, n in zip(shares, trials, strict=True))
    middle, half = shares[1] - shares[0], z * math.sqrt(variance)
    within = Interval(middle - half, middle + half).clip(-1, 1)
    amount = after.successes / after.n - before.successes / before.n
    return MeasuredChange(before.n, after.n, amount, within, _judge_interval(within))


def score_change_from_spreads(
    before: SampleSpread | None,
    after: SampleSpread | None,
    *,
    width: float = 100,
    confidence: float = CONFIDENCE,
) -> MeasuredChange | None:
    """Return the difference of two mean scores, with Welch’s interval; more is better.

    m₂ - m₁ ± t(df) √(s₁²/n₁ + s₂²/n₂), df by Welch & Satterthwaite, in the unit of the scores and
    cut at the `width` of their scale (100 for SUS and UMUX-Lite, 6 for SEQ). None where a round
    has no score.
    """
    if before is None or after is None:
        return None
    amount, half = after.mean - before.mean, _compute_welch_half_width(before, after, confidence)
    within = None
    if half is not None:
        within = Interval(amount - half, amount + half).clip(-width, width)
    return MeasuredChange(before.n, after.n, amount, within, _judge_interval(within))


def time_change_from_spreads(
    before: SampleSpread | None, after: SampleSpread | None, *, confidence: float = CONFIDENCE
) -> MeasuredChange | None:
    """Return the ratio of two geometric means, later by earlier, with Welch’s interval.

    Less is better. exp of `score_change_from_spreads`, from the mean and deviation of ln(seconds).
    None where a round has no time.
    """
    logs = score_change_from_spreads(before, after, width=math.inf, confidence=confidence)
    if logs is None:
        return None
    within = logs.interval and Interval(_bounded_exp(logs.interval.low), _bounded_exp(logs.interval.high))
    swapped = {ChangeVerdict.BETTER: ChangeVerdict.WORSE, ChangeVerdict.WORSE: ChangeVerdict.BETTER}
    verdict = swapped.get(logs.verdict, ChangeVerdict.UNCLEAR)
    return MeasuredChange(logs.before, logs.after, _bounded_exp(logs.amount), within, verdict)


def _compute_welch_half_width(before: SampleSpread, after: SampleSpread, confidence: float) -> float | None:
    """Return half the width of Welch’s interval; None for a single value or no deviation."""
    if before.deviation is None or after.deviation is None:
        return None
    parts = [(before.deviation**2 / before.n, before.n - 1)]
    parts.append((after.deviation**2 / after.n, after.n - 1))
    total = sum(part for part, _ in parts)
    if not total:
        return None
    freedom = 1 / sum((part / total) ** 2 / free for part, free in parts)
    return two_sided_t(confidence, freedom) * math.sqrt(total)


def _judge_interval(within: Interval | None) -> ChangeVerdict:
    if within is None or within.contains(0):
        return ChangeVerdict.UNCLEAR
    return ChangeVerdict.BETTER if within.low > 0 else ChangeVerdict.WORSE


def _bounded_exp(power: float) -> float:
    try:
        return math.exp(power)
    except OverflowError:
        return math.inf

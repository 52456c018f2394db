"""Two rounds side by side: how large the change may be, and whether it can be told. Pure.

The participants of two rounds are different people. A change can be told when its interval does
not hold “no change”; that two rounds each have an interval which overlap proves nothing.
Sources: Agresti & Caffo, *Simple and effective confidence intervals for proportions and
differences of proportions*, The American Statistician, 2000; Newcombe, *Interval estimation for
the difference between independent proportions: comparison of eleven methods*, Statistics in
Medicine, 1998; Welch, *The generalization of “Student’s” problem*, Biometrika, 1947.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.user_tests.statistics.completion_rules import Completion, wilson
from portal.user_tests.statistics.duration_rules import logarithms
from portal.user_tests.statistics.interval_rules import Interval, SampleSpread, spread
from portal.user_tests.statistics.quantile_rules import CONFIDENCE, t_two_sided, two_sided


class ChangeVerdict(StrEnum):
    """What may be said of a change."""

    BETTER = "better"
    WORSE = "worse"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class MeasuredChange:
    """From a round of `before` values to one of `after`; no interval where one is too few.

    `amount` is a difference, later less earlier (of shares, -1 to 1; of scores, in points), or
    for times the later over the earlier: 0.5 is twice as fast.
    """

    before: int
    after: int
    amount: float
    interval: Interval | None
    verdict: ChangeVerdict


def completion_change(
    before: Completion | None, after: Completion | None, *, confidence: float = CONFIDENCE
) -> MeasuredChange | None:
    """The difference of two shares, with the adjusted Wald interval; more is better.

    z²/4 successes and failures are added to each round, about one of each (Agresti & Caffo,
    2000; with z for any confidence: Sauro & Lewis, 2016): p̃₂ - p̃₁ ± z √(Σ p̃ (1 - p̃) / ñ),
    cut at -1 and 1. None where nobody tried in a round.
    """
    if before is None or after is None:
        return None
    z = two_sided(confidence)
    trials = [completion.n + z * z / 2 for completion in (before, after)]
    shares = [
        (completion.successes + z * z / 4) / n
        for completion, n in zip((before, after), trials, strict=True)
    ]
    spread = sum(share * (1 - share) / n for share, n in zip(shares, trials, strict=True))
    middle, half = shares[1] - shares[0], z * math.sqrt(spread)
    within = Interval(middle - half, middle + half).clip(-1, 1)
    return _completion_change(before, after, within)


def completion_change_newcombe(
    before: Completion | None, after: Completion | None, *, confidence: float = CONFIDENCE
) -> MeasuredChange | None:
    """The same with Newcombe’s hybrid score interval (1998, method 10), of the two Wilson
    intervals.

    With p, l and u of each round and d = p₂ - p₁: from d - √((p₂ - l₂)² + (u₁ - p₁)²) to
    d + √((u₂ - p₂)² + (p₁ - l₁)²).
    """
    if before is None or after is None:
        return None
    shares = [completion.successes / completion.n for completion in (before, after)]
    ends = [
        wilson(completion.successes, completion.n, confidence=confidence)
        for completion in (before, after)
    ]
    middle = shares[1] - shares[0]
    down = math.hypot(shares[1] - ends[1].low, ends[0].high - shares[0])
    up = math.hypot(ends[1].high - shares[1], shares[0] - ends[0].low)
    within = Interval(middle - down, middle + up).clip(-1, 1)
    return _completion_change(before, after, within)


def _completion_change(before: Completion, after: Completion, within: Interval) -> MeasuredChange:
    amount = after.successes / after.n - before.successes / before.n
    return MeasuredChange(before.n, after.n, amount, within, _verdict(within))


def score_change(
    before: Sequence[float],
    after: Sequence[float],
    *,
    width: float = 100,
    confidence: float = CONFIDENCE,
) -> MeasuredChange | None:
    """`score_change_of` the scores of two rounds."""
    return score_change_from_spreads(
        spread(before), spread(after), width=width, confidence=confidence
    )


def score_change_from_spreads(
    before: SampleSpread | None,
    after: SampleSpread | None,
    *,
    width: float = 100,
    confidence: float = CONFIDENCE,
) -> MeasuredChange | None:
    """The difference of two mean scores, with Welch’s interval; more is better.

    m₂ - m₁ ± t(df) √(s₁²/n₁ + s₂²/n₂), df by Welch & Satterthwaite, in the unit of the scores and
    cut at the `width` of their scale (100 for SUS and UMUX-Lite, 6 for SEQ). None where a round
    has none.
    """
    if before is None or after is None:
        return None
    amount, half = after.mean - before.mean, _welch(before, after, confidence)
    within = None
    if half is not None:
        within = Interval(amount - half, amount + half).clip(-width, width)
    return MeasuredChange(before.n, after.n, amount, within, _verdict(within))


def time_change(
    before: Sequence[float], after: Sequence[float], *, confidence: float = CONFIDENCE
) -> MeasuredChange | None:
    """`time_change_of` the seconds of two rounds.

    Raises `ValueError` for a time that is not more than 0 seconds.
    """
    logs = (spread(logarithms(seconds)) for seconds in (before, after))
    return time_change_from_spreads(*logs, confidence=confidence)


def time_change_from_spreads(
    before: SampleSpread | None, after: SampleSpread | None, *, confidence: float = CONFIDENCE
) -> MeasuredChange | None:
    """The later geometric mean over the earlier, with Welch’s interval; less is better.

    exp of `score_change_of`, from the mean and deviation of ln(seconds). None where a round has no
    time.
    """
    logs = score_change_from_spreads(before, after, width=math.inf, confidence=confidence)
    if logs is None:
        return None
    within = logs.interval and Interval(_exp(logs.interval.low), _exp(logs.interval.high))
    swapped = {ChangeVerdict.BETTER: ChangeVerdict.WORSE, ChangeVerdict.WORSE: ChangeVerdict.BETTER}
    verdict = swapped.get(logs.verdict, ChangeVerdict.UNCLEAR)
    return MeasuredChange(logs.before, logs.after, _exp(logs.amount), within, verdict)


def _welch(before: SampleSpread, after: SampleSpread, confidence: float) -> float | None:
    """Half the interval’s width; None where a round has one value, or neither has any spread."""
    if before.deviation is None or after.deviation is None:
        return None
    parts = [(before.deviation**2 / before.n, before.n - 1)]
    parts.append((after.deviation**2 / after.n, after.n - 1))
    total = sum(part for part, _ in parts)
    if not total:
        return None
    freedom = 1 / sum((part / total) ** 2 / free for part, free in parts)
    return t_two_sided(confidence, freedom) * math.sqrt(total)


def _verdict(within: Interval | None) -> ChangeVerdict:
    if within is None or within.contains(0):
        return ChangeVerdict.UNCLEAR
    return ChangeVerdict.BETTER if within.low > 0 else ChangeVerdict.WORSE


def _exp(power: float) -> float:
    try:
        return math.exp(power)
    except OverflowError:
        return math.inf

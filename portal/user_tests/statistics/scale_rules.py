"""Scores of the scales that participants answer, one participant at a time, and their means.
Pure.

SUS: Brooke, *SUS: a “quick and dirty” usability scale*, 1996; F-SUS, its French form: Gronier &
Baudet, International Journal of Human-Computer Interaction, 2021. UMUX-Lite: Lewis, Utesch &
Maher, *UMUX-LITE: when there’s no time for the SUS*, CHI, 2013. SEQ: Sauro & Dumas, *Comparison
of three one-question, post-task usability questionnaires*, CHI, 2009. The words asked are in
`wording.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.user_tests.statistics.interval_rules import (
    Interval,
    Mean,
    SampleSpread,
    mean,
    mean_from_spread,
)
from portal.user_tests.statistics.norm_rules import SusBenchmark, compare_with_norms
from portal.user_tests.statistics.quantile_rules import CONFIDENCE

SUS_ITEMS, SUS_MOST = 10, 5  # items, and the highest answer
UMUX_LITE_ITEMS, UMUX_LITE_MOST = 2, 7
SEQ_LEAST, SEQ_MOST = 1, 7
SCORE_MOST = 100.0


@dataclass(frozen=True)
class Sus:
    """The mean of `n` scores, 0 to 100, and where it stands; no interval for a single score."""

    n: int
    score: float
    interval: Interval | None
    alike: bool
    benchmark: SusBenchmark


def sus_score(answers: Sequence[int]) -> float:
    """Of ten answers from 1 to 5, in the order of the items: 0 to 100, in steps of 2.5.

    2.5 · (Σ of odd items (x - 1) + Σ of even items (5 - x)); an item that somebody leaves out is
    a 3 (Brooke, 1996). Raises `ValueError` for another number of answers, or an answer out of 1
    to 5.
    """
    _check(answers, SUS_ITEMS, SUS_MOST)
    odd = sum(answer - 1 for answer in answers[::2])
    even = sum(SUS_MOST - answer for answer in answers[1::2])
    return 2.5 * (odd + even)


def sus(scores: Sequence[float], *, confidence: float = CONFIDENCE) -> Sus | None:
    """The mean of the scores of several participants, with a t interval; None for no score.

    Raises `ValueError` for a score out of 0 to 100.
    """
    return _to_sus(mean(scores, least=0, most=SCORE_MOST, confidence=confidence))


def sus_from_spread(of: SampleSpread | None, *, confidence: float = CONFIDENCE) -> Sus | None:
    """The same of scores that may be gone. Raises `ValueError` for a mean out of 0 to 100."""
    return _to_sus(mean_from_spread(of, least=0, most=SCORE_MOST, confidence=confidence))


def _to_sus(mean_score: Mean | None) -> Sus | None:
    if mean_score is None:
        return None
    return Sus(
        mean_score.n,
        mean_score.value,
        mean_score.interval,
        mean_score.alike,
        compare_with_norms(mean_score.value),
    )


def umux_lite_score(answers: Sequence[int]) -> float:
    """Of two answers a and b from 1 to 7: (a + b - 2) · 100 / 12, 0 to 100.

    Raises `ValueError` for another number of answers, or an answer out of 1 to 7.
    """
    _check(answers, UMUX_LITE_ITEMS, UMUX_LITE_MOST)
    return (sum(answers) - 2) * SCORE_MOST / 12


def umux_lite(scores: Sequence[float], *, confidence: float = CONFIDENCE) -> Mean | None:
    """The mean of the scores of several participants, with a t interval; None for no score.

    Raises `ValueError` for a score out of 0 to 100.
    """
    return mean(scores, least=0, most=SCORE_MOST, confidence=confidence)


def umux_lite_from_spread(
    of: SampleSpread | None, *, confidence: float = CONFIDENCE
) -> Mean | None:
    """The same of scores that may be gone. Raises `ValueError` for a mean out of 0 to 100."""
    return mean_from_spread(of, least=0, most=SCORE_MOST, confidence=confidence)


def sus_equivalent(umux_lite_score: float) -> float:
    """The SUS score that goes with a UMUX-Lite score: 0.65 · score + 22.9 (Lewis & al., 2013).

    Between 22.9 and 87.9; its authors have since advised to compare UMUX-Lite scores as they are.
    Raises `ValueError` for a score out of 0 to 100.
    """
    if not 0 <= umux_lite_score <= SCORE_MOST:
        raise ValueError(f"{umux_lite_score} is no UMUX-Lite score")
    return 0.65 * umux_lite_score + 22.9


def seq(answers: Sequence[int], *, confidence: float = CONFIDENCE) -> Mean | None:
    """The mean ease of a task, from 1 (very difficult) to 7 (very easy); None for no answer.

    With a t interval, cut at 1 and 7. Raises `ValueError` for an answer out of 1 to 7.
    """
    return mean(answers, least=SEQ_LEAST, most=SEQ_MOST, confidence=confidence)


def seq_from_spread(of: SampleSpread | None, *, confidence: float = CONFIDENCE) -> Mean | None:
    """The same of answers that may be gone. Raises `ValueError` for a mean out of 1 to 7."""
    return mean_from_spread(of, least=SEQ_LEAST, most=SEQ_MOST, confidence=confidence)


def net_promoter(answers: Sequence[int]) -> float | None:
    """Percent of answers from 9 to 10 less percent of answers from 0 to 6 (Reichheld, 2003).

    From -100 to 100; None for no answer. Raises `ValueError` for an answer out of 0 to 10.
    """
    if any(not 0 <= answer <= 10 for answer in answers):
        raise ValueError("an answer is between 0 and 10")
    if not answers:
        return None
    promoters = sum(answer >= 9 for answer in answers)
    detractors = sum(answer <= 6 for answer in answers)
    return 100 * (promoters - detractors) / len(answers)


def _check(answers: Sequence[int], items: int, most: int) -> None:
    if len(answers) != items:
        raise ValueError(f"{len(answers)} answers to {items} items")
    if any(answer not in range(1, most + 1) for answer in answers):
        raise ValueError(f"an answer is between 1 and {most}")

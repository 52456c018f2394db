"""Scores of the questionnaires of one participant, and mean scores of several. Pure.

SUS: Brooke, *SUS: a “quick and dirty” usability scale*, 1996; F-SUS, its French form: Gronier &
Baudet, International Journal of Human-Computer Interaction, 2021. UMUX-Lite: Lewis, Utesch &
Maher, *UMUX-LITE: when there’s no time for the SUS*, CHI, 2013. SEQ: Sauro & Dumas, *Comparison
of three one-question, post-task usability questionnaires*, CHI, 2009. The words asked are in
`scale_labels.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.user_tests.statistics.interval_rules import Interval, Mean, SampleSpread, mean_from_spread
from portal.user_tests.statistics.norm_rules import SusBenchmark, compare_with_norms
from portal.user_tests.statistics.quantile_rules import CONFIDENCE

SUS_ITEMS, SUS_MOST = 10, 5  # items, and the highest answer
UMUX_LITE_ITEMS, UMUX_LITE_MOST = 2, 7
SEQ_LEAST, SEQ_MOST = 1, 7
SCORE_MOST = 100.0


@dataclass(frozen=True)
class SusResult:
    """The mean of `n` scores, 0 to 100, and its benchmark; no interval for a single score."""

    n: int
    score: float
    interval: Interval | None
    alike: bool
    benchmark: SusBenchmark


def sus_score(answers: Sequence[int]) -> float:
    """Return the score of ten answers from 1 to 5, in item order: 0 to 100, in steps of 2.5.

    2.5 · (Σ of odd items (x - 1) + Σ of even items (5 - x)); a skipped item counts
    3 (Brooke, 1996). Raises `ValueError` for another number of answers, or an answer outside 1
    to 5.
    """
    _check_answers(answers, SUS_ITEMS, SUS_MOST)
    odd = sum(answer - 1 for answer in answers[::2])
    even = sum(SUS_MOST - answer for answer in answers[1::2])
    return 2.5 * (odd + even)


def sus_from_spread(scores: SampleSpread | None, *, confidence: float = CONFIDENCE) -> SusResult | None:
    """Return the mean SUS score with a t interval; None for no score.

    Raises `ValueError` for a mean outside 0 to 100.
    """
    score = mean_from_spread(scores, least=0, most=SCORE_MOST, confidence=confidence)
    if score is None:
        return None
    benchmark = compare_with_norms(score.value)
    return SusResult(score.n, score.value, score.interval, score.alike, benchmark)


def umux_lite_score(answers: Sequence[int]) -> float:
    """Return (a + b - 2) · 100 / 12 of two answers a and b from 1 to 7: 0 to 100.

    Raises `ValueError` for another number of answers, or an answer outside 1 to 7.
    """
    _check_answers(answers, UMUX_LITE_ITEMS, UMUX_LITE_MOST)
    return (sum(answers) - 2) * SCORE_MOST / 12


def umux_lite_from_spread(scores: SampleSpread | None, *, confidence: float = CONFIDENCE) -> Mean | None:
    """Return the mean UMUX-Lite score with a t interval; None for no score.

    Raises `ValueError` for a mean outside 0 to 100.
    """
    return mean_from_spread(scores, least=0, most=SCORE_MOST, confidence=confidence)


def sus_equivalent(umux_lite_score: float) -> float:
    """Return the SUS score equivalent to a UMUX-Lite score: 0.65 · score + 22.9.

    Lewis & al., 2013. Between 22.9 and 87.9; its authors have since advised to
    compare UMUX-Lite scores as they are.
    Raises `ValueError` for a score outside 0 to 100.
    """
    if not 0 <= umux_lite_score <= SCORE_MOST:
        raise ValueError(f"{umux_lite_score} is no UMUX-Lite score")
    return 0.65 * umux_lite_score + 22.9


def seq_from_spread(answers: SampleSpread | None, *, confidence: float = CONFIDENCE) -> Mean | None:
    """Return the mean ease of a task, 1 (very difficult) to 7 (very easy); None for no answer.

    With a t interval, cut at 1 and 7. Raises `ValueError` for a mean outside 1 to 7.
    """
    return mean_from_spread(answers, least=SEQ_LEAST, most=SEQ_MOST, confidence=confidence)


def _check_answers(answers: Sequence[int], items: int, most: int) -> None:
    if len(answers) != items:
        raise ValueError(f"{len(answers)} answers to {items} items")
    if any(answer not in range(1, most + 1) for answer in answers):
        raise ValueError(f"an answer is between 1 and {most}")

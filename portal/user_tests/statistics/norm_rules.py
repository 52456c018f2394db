"""Benchmark of a SUS score against other products. Pure; the norms are in `data/`."""

import json
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path

from portal.user_tests.statistics.interval_rules import round_to_tenth

_DATA = json.loads((Path(__file__).parent / "data" / "sus_norms.json").read_text(encoding="utf-8"))
_POINTS: list[tuple[float, float]] = [(score, share) for score, share in _DATA["percentiles"]]
_GRADES: list[tuple[float, str]] = sorted((least, grade) for grade, least in _DATA["grades"])

SUS_MEAN: float = _DATA["mean"]  # of some 500 studies


@dataclass(frozen=True)
class SusBenchmark:
    """Grade of a score, from F to A+, and the share of products with a lower score, 0 to 1."""

    grade: str
    percentile: float


def compare_with_norms(score: float) -> SusBenchmark:
    """Return grade and percentile of a mean score. Raises `ValueError` outside 0 to 100."""
    return SusBenchmark(find_grade(score), compute_percentile(score))


def find_grade(score: float) -> str:
    """Return the grade on the curved scale of Sauro & Lewis, of a score rounded to tenths.

    Sauro & Lewis, *Quantifying the User Experience*, 2016, table 8.5. Raises as
    `compare_with_norms`.
    """
    _check_sus_score(score)
    place = bisect_right(_GRADES, round_to_tenth(score), key=lambda entry: entry[0])
    return _GRADES[place - 1][1]


def compute_percentile(score: float) -> float:
    """Return the share of products that score lower, 0 to 1, interpolated linearly.

    Sauro’s normalised percentiles. Between 60 and 85, a smooth curve through the same points
    differs by less than 0.01. Raises as `compare_with_norms`.
    """
    _check_sus_score(score)
    place = min(bisect_right(_POINTS, score, key=lambda point: point[0]), len(_POINTS) - 1)
    (x, low), (after, high) = _POINTS[place - 1], _POINTS[place]
    return min(low + (high - low) * (score - x) / (after - x), high)


def list_grade_bands() -> list[tuple[str, float, float]]:
    """Return each letter from F to A with its lowest score and that of the next one; the last ends
    at 100. C holds C- and C+, and so on."""
    least: dict[str, float] = {}
    for score, name in _GRADES:
        least.setdefault(name[0], score)
    ends = [*list(least.values())[1:], 100.0]
    return [(letter, score, end) for (letter, score), end in zip(least.items(), ends, strict=True)]


def _check_sus_score(score: float) -> None:
    if not 0 <= score <= 100:
        raise ValueError(f"{score} is no SUS score")

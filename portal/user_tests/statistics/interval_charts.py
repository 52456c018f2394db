"""Figures of one round drawn on a line: a point, its interval, a limit; the same for page and PDF.

Positions are in percent of the axis, from the left. Each mark has the sentence that gives its n and
its interval, so that nothing is told by the picture alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.user_tests.statistics import labels
from portal.user_tests.statistics.completion_rules import Completion
from portal.user_tests.statistics.duration_rules import Duration
from portal.user_tests.statistics.interval_rules import Interval, Mean
from portal.user_tests.statistics.norm_rules import list_grade_bands
from portal.user_tests.statistics.number_labels import (
    format_time,
    format_time_bounds,
    round_interval_to_hundredths,
)
from portal.user_tests.statistics.scale_rules import SCORE_MOST, SusResult

TIME_AXES = (10, 20, 30, 60, 120, 180, 300, 600, 1200, 1800, 3600, 7200, 18000, 36000)  # seconds
INTERVAL_ROOM = 2.0  # an interval may stretch the axis to this many times the longest time or limit


@dataclass(frozen=True)
class IntervalMark:
    """A figure on its axis. `at` None: not measured; `low` and `high` None: no interval.

    `figure` and `detail` are the sentence under it, in two parts; `label` is all of it for screen
    readers. `is_cut`: the interval ends beyond the axis.
    """

    figure: str
    detail: str
    label: str
    at: float | None = None
    low: float | None = None
    high: float | None = None
    limit: float | None = None
    is_cut: bool = False


@dataclass(frozen=True)
class GradeBand:
    """A letter of the SUS from `at`, `width` percent wide."""

    letter: str
    at: float
    width: float


def draw_completion_mark(figure: Completion | None, helped: int) -> IntervalMark:
    """Return the share of those who managed alone, of 100."""
    label = labels.completion_sentence(figure, helped=helped)
    if figure is None:
        return IntervalMark("", label, label)
    within = _describe_completion_interval(figure)
    if helped:
        with_help = ngettext("%(num)s de plus avec de l’aide", "%(num)s de plus avec de l’aide", helped)
        detail = _(", %(helped)s ; %(within)s", helped=with_help, within=within)
    else:
        detail = _(" ; %(within)s", within=within)
    return IntervalMark(
        _("%(successes)s sur %(n)s", successes=figure.successes, n=figure.n),
        detail,
        label,
        at=100 * figure.successes / figure.n,
        low=100 * figure.interval.low,
        high=100 * figure.interval.high,
    )


def _describe_completion_interval(figure: Completion) -> str:
    low, high = round_interval_to_hundredths(figure.interval)
    if low == 0:
        return _("au plus %(high)s sur 100", high=high)
    if high == SCORE_MOST:
        return _("au moins %(low)s sur 100", low=low)
    return _("entre %(low)s et %(high)s sur 100", low=low, high=high)


def find_time_axis_end(figures: Sequence[Duration | None], limits: Sequence[int | None]) -> int:
    """Return the seconds at the end of an axis that shows these times with their limits."""
    durations = [figure for figure in figures if figure is not None]
    longest = max(
        [*(figure.seconds for figure in durations), *(limit for limit in limits if limit)], default=0
    )
    ends = [figure.interval.high for figure in durations if figure.interval]
    most = max(longest, min(max(ends, default=0), INTERVAL_ROOM * longest))
    return next((axis for axis in TIME_AXES if axis >= most), round(most))


def draw_duration_mark(
    figure: Duration | None, limit: int | None, axis: int, limit_text: str
) -> IntervalMark:
    """Return the time of those who managed alone; `limit_text` is the limit in words."""
    limit_at = 100 * limit / axis if limit else None
    limit_part = _(", limite %(time)s", time=limit_text) if limit else ""
    if figure is None:
        text = labels.duration_sentence(None)
        return IntervalMark("", text, text, limit=limit_at)
    within = None if figure.alike else figure.interval
    return IntervalMark(
        format_time(figure.seconds),
        _describe_duration_interval(figure, within) + limit_part,
        labels.duration_sentence(figure) + limit_part,
        at=min(100 * figure.seconds / axis, 100),
        low=min(100 * within.low / axis, 100) if within else None,
        high=min(100 * within.high / axis, 100) if within else None,
        limit=limit_at,
        is_cut=within is not None and within.high > axis,
    )


def _describe_duration_interval(figure: Duration, within: Interval | None) -> str:
    if within is None:
        return _(" (n = %(n)s)", n=figure.n) if figure.n == 1 else _(" (sans écart ; n = %(n)s)", n=figure.n)
    low, high = format_time_bounds(within)
    return _(" (%(low)s à %(high)s ; n = %(n)s)", low=low, high=high, n=figure.n)


def draw_score_mark(figure: SusResult | Mean, label: str) -> IntervalMark:
    """Return a score of 100; `label` is its sentence."""
    value = figure.score if isinstance(figure, SusResult) else figure.value
    within = None if figure.alike else figure.interval
    return IntervalMark(
        "", label, label, at=value, low=within.low if within else None, high=within.high if within else None
    )


def draw_grade_bands() -> list[GradeBand]:
    """Return the letters of the SUS, from F to A."""
    return [GradeBand(letter, least, most - least) for letter, least, most in list_grade_bands()]

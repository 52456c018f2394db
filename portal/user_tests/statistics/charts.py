"""Charts of figures over rounds: a dot with its interval for each round.

Each chart has a sentence as its title, and a table with the same numbers. Functions return None
where nothing was measured.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from portal.platform.kernel.text import gettext as _
from portal.platform.web import charts
from portal.platform.web.charts import Chart, WhiskerValue
from portal.user_tests.statistics import comparison_labels
from portal.user_tests.statistics.comparison_rules import MeasuredChange
from portal.user_tests.statistics.completion_rules import Completion
from portal.user_tests.statistics.duration_rules import Duration
from portal.user_tests.statistics.interval_rules import Interval, Mean
from portal.user_tests.statistics.norm_rules import SUS_MEAN
from portal.user_tests.statistics.number_labels import (
    MINUTE,
    format_tenths,
    format_time,
    round_interval_to_hundredths,
)
from portal.user_tests.statistics.scale_rules import SCORE_MOST, SusResult

ROUNDS_MAX = 8  # the latest rounds: as many as a phone has room for
WRITTEN_DOTS_MAX = 6  # with more dots, values are in the table only
SECONDS_AXIS_MAX = 60  # seconds; longer durations are drawn in minutes

Figure = TypeVar("Figure", Completion, Duration, Mean, SusResult)


@dataclass(frozen=True)
class ChartRow(Generic[Figure]):
    """A round: `label` is short (“S1 v2”), `name` is long; `figure` None: not measured."""

    label: str
    name: str
    figure: Figure | None


@dataclass(frozen=True)
class Dot:
    """A figure in the unit of the axis, and its texts for the table."""

    n: int
    value: float
    interval: Interval | None
    written: str
    ends: tuple[str, str]


TickWriter = Callable[[float], str]
Dots = Sequence[tuple[tuple[str, str], Dot | None]]  # with (label, name)


def draw_completion_trend(
    rows: Sequence[ChartRow[Completion]], change: MeasuredChange | None
) -> Chart | None:
    """Return a task over rounds, oldest first; `change` is between the last two measured."""
    return _draw_trend(
        _build_dots(rows[-ROUNDS_MAX:], _build_completion_dot),
        comparison_labels.completion_change_sentence(change),
    )


def draw_sus_trend(rows: Sequence[ChartRow[SusResult]], change: MeasuredChange | None) -> Chart | None:
    """Return SUS over rounds, with a line at the mean of the norms; `change` as above."""
    title = _(
        "%(change)s Les tirets sont à %(mean)s, la moyenne des produits.",
        change=comparison_labels.score_change_sentence(change),
        mean=round(SUS_MEAN),
    )
    chart = _draw_trend(_build_dots(rows[-ROUNDS_MAX:], _build_sus_dot), title)
    level = SCORE_MOST - SUS_MEAN
    return chart and replace(chart, level=level, asides=charts.place_margin_labels([(_("Moyenne"), level)]))


def draw_umux_lite_trend(rows: Sequence[ChartRow[Mean]], change: MeasuredChange | None) -> Chart | None:
    """Return UMUX-Lite over rounds; `change` as in `draw_completion_trend`."""
    return _draw_trend(
        _build_dots(rows[-ROUNDS_MAX:], _build_score_dot), comparison_labels.score_change_sentence(change)
    )


def draw_durations_trend(rows: Sequence[ChartRow[Duration]], change: MeasuredChange | None) -> Chart | None:
    """Return a task over rounds, in seconds or minutes; `change` as in `draw_completion_trend`."""
    dots, write_tick = _convert_dots_to_axis_unit(_build_dots(rows[-ROUNDS_MAX:], _build_duration_dot))
    title = comparison_labels.duration_change_sentence(change)
    return _draw_trend(dots, title, _find_axis_top(dots), write_tick)


def _draw_trend(
    dots: Dots, title: str, longest: float = SCORE_MOST, write_tick: TickWriter = charts.write_number
) -> Chart | None:
    """Join the dots by a thin line: between two rounds nothing was measured. The title names the two rounds
    that its sentence compares: the last two that measured something."""
    measured = [label for (label, _name), dot in dots if dot]
    if not measured:
        return None
    if len(measured) > 1:
        title = _("%(first)s, puis %(last)s. %(change)s", first=measured[-2], last=measured[-1], change=title)
    chart = _draw_dots(title, dots, longest, write_tick)
    points = [(whisker.x, 100 - whisker.y) for whisker in chart.whiskers if whisker.y is not None]
    return replace(chart, series=[charts.line("", "even", points, 100)])


def _build_dots(rows: Sequence[ChartRow[Figure]], dot: Callable[[Figure], Dot]) -> Dots:
    return [((row.label, row.name), None if row.figure is None else dot(row.figure)) for row in rows]


def _convert_dots_to_axis_unit(dots: Dots) -> tuple[Dots, TickWriter]:
    """Return the dots in seconds, or in minutes past `SECONDS_AXIS_MAX`, and what writes a tick with it."""
    if max((dot.value for _row, dot in dots if dot), default=0.0) <= SECONDS_AXIS_MAX:
        return dots, lambda value: _("%(n)s s", n=charts.write_number(value))
    in_minutes = [(row, dot and _convert_dot_to_minutes(dot)) for row, dot in dots]
    return in_minutes, lambda value: _("%(n)s min", n=charts.write_number(value))


def _convert_dot_to_minutes(dot: Dot) -> Dot:
    within = dot.interval and Interval(dot.interval.low / MINUTE, dot.interval.high / MINUTE)
    return replace(dot, value=dot.value / MINUTE, interval=within)


def _find_axis_top(dots: Dots) -> float:
    """Return the top of the axis: at most three times the dots, for intervals may end far above."""
    values = [dot.value for _row, dot in dots if dot]
    ends = [dot.interval.high for _row, dot in dots if dot and dot.interval]
    longest = max(values, default=1.0)
    return max(longest, min(max(ends, default=0.0), 3 * longest))


def _draw_dots(title: str, dots: Dots, most: float, write_tick: TickWriter) -> Chart:
    top, marks = charts.compute_axis_scale(most)
    measured = [
        _build_whisker_value(label, dot, written=len(dots) <= WRITTEN_DOTS_MAX)
        for (label, _name), dot in dots
    ]
    return Chart(
        title=title,
        y_ticks=charts.y_ticks(top, marks, write_tick),
        whiskers=charts.whiskers(measured, top),
        headers=[_("Série"), _("Mesures"), _("Valeur"), _("Au moins"), _("Au plus")],
        rows=[
            [
                _("%(label)s : %(name)s", label=label, name=name),
                *([str(dot.n), dot.written, *dot.ends] if dot else ["—"] * 4),
            ]
            for (label, name), dot in dots
        ],
    )


def _build_whisker_value(label: str, dot: Dot | None, *, written: bool) -> WhiskerValue:
    if dot is None:
        return label, None, None, None, ""
    ends = (dot.interval.low, dot.interval.high) if dot.interval else (None, None)
    return label, dot.value, *ends, dot.written if written else ""


def _build_completion_dot(figure: Completion) -> Dot:
    low, high = round_interval_to_hundredths(figure.interval)
    return Dot(
        n=figure.n,
        value=100 * figure.successes / figure.n,
        interval=Interval(100 * figure.interval.low, 100 * figure.interval.high),
        written=f"{figure.successes}/{figure.n}",
        ends=(_("%(n)s sur 100", n=low), _("%(n)s sur 100", n=high)),
    )


def _build_duration_dot(figure: Duration) -> Dot:
    within = None if figure.alike else figure.interval
    ends = (format_time(within.low), format_time(within.high)) if within else _NO_ENDS
    return Dot(figure.n, figure.seconds, within, format_time(figure.seconds), ends)


def _build_sus_dot(figure: SusResult) -> Dot:
    return _build_score_dot(Mean(figure.n, figure.score, figure.interval, figure.alike))


def _build_score_dot(figure: Mean) -> Dot:
    within = None if figure.alike else figure.interval
    ends = (format_tenths(within.low), format_tenths(within.high)) if within else _NO_ENDS
    return Dot(figure.n, figure.value, within, format_tenths(figure.value), ends)


_NO_ENDS = ("—", "—")

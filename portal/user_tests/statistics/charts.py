"""Figures of user tests as charts: a dot with its interval for each task, or for each round.

Each chart stands under the sentence that it shows, and its table has what the drawing has no room
for. None: nothing was measured, so there is nothing to draw.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from flask_babel import format_decimal

from portal.platform.kernel.text import gettext as _
from portal.platform.web import charts
from portal.platform.web.charts import Chart, Tick, WhiskerValue
from portal.user_tests.statistics import comparison_labels, labels
from portal.user_tests.statistics.comparison_rules import MeasuredChange
from portal.user_tests.statistics.completion_rules import Completion
from portal.user_tests.statistics.duration_rules import Duration
from portal.user_tests.statistics.interval_rules import Interval, Mean
from portal.user_tests.statistics.norm_rules import SUS_MEAN
from portal.user_tests.statistics.number_labels import MINUTE, hundredths, tenths, time
from portal.user_tests.statistics.scale_rules import SCORE_MOST, SEQ_LEAST, SEQ_MOST, Sus

ROUNDS_MAX = 8  # side by side, on a phone too; the latest
WRITTEN_DOTS_MAX = 6  # dots whose value is written over them; with more, it is in the table
SECONDS_AXIS_MAX = 300  # seconds, beyond which an axis is in minutes
LABELS_MAX = 8  # labels under the axis at most: with more dots, every second or third has one

Figure = TypeVar("Figure", Completion, Duration, Mean, Sus)


@dataclass(frozen=True)
class ChartRow(Generic[Figure]):
    """A task or a round: `label` is short (“T1”), `name` as people know it; None: not measured."""

    label: str
    name: str
    figure: Figure | None


@dataclass(frozen=True)
class Dot:
    """What is drawn of a figure, in the unit of the axis, and what is said of it in the table."""

    n: int
    value: float
    interval: Interval | None
    written: str
    ends: tuple[str, str]


Dots = Sequence[tuple[tuple[str, str], Dot | None]]  # each with a label and a name


def completion_by_task(rows: Sequence[ChartRow[Completion]]) -> Chart | None:
    """In hundredths of those who tried; the sentence is about the task fewest managed."""
    least = min(_measured(rows), key=lambda measure: measure[1].best, default=None)
    if least is None:
        return None
    says = _(
        "La tâche la moins réussie, « %(task)s » : %(figure)s.",
        task=least[0],
        figure=labels.completion_in_short(least[1]),
    )
    return _chart(says, _("Tâche"), _dots(rows, _completion), SCORE_MOST)


def durations_by_task(rows: Sequence[ChartRow[Duration]]) -> Chart | None:
    """Of those who managed alone, in seconds or minutes; the sentence is about the longest task."""
    most = max(_measured(rows), key=lambda measure: measure[1].seconds, default=None)
    if most is None:
        return None
    says = _(
        "La tâche la plus longue, « %(task)s » : %(figure)s.",
        task=most[0],
        figure=labels.duration_in_short(most[1]),
    )
    dots, unit = _in_unit(_dots(rows, _duration))
    return _chart(f"{says} {unit}", _("Tâche"), dots, _longest(dots))


def ease_by_task(rows: Sequence[ChartRow[Mean]]) -> Chart | None:
    """The SEQ, from 1 to 7; the sentence is about the hardest task."""
    least = min(_measured(rows), key=lambda measure: measure[1].value, default=None)
    if least is None:
        return None
    says = _(
        "La tâche la moins facile, « %(task)s » : %(figure)s sur 7.",
        task=least[0],
        figure=labels.score_in_short(least[1]),
    )
    # The axis begins at 1: nobody can answer less.
    chart = _chart(says, _("Tâche"), _dots(rows, _ease), SEQ_MOST - SEQ_LEAST)
    ticks = charts.y_ticks(SEQ_MOST - SEQ_LEAST, range(SEQ_MOST), format_decimal)
    return replace(chart, y_ticks=[Tick(t.at, str(n)) for n, t in enumerate(ticks, SEQ_LEAST)])


def completion_trend(
    rows: Sequence[ChartRow[Completion]], change: MeasuredChange | None
) -> Chart | None:
    """One task over rounds, oldest first; `change` is that of the last two measured."""
    return _trend(
        _dots(rows[-ROUNDS_MAX:], _completion), comparison_labels.completion_changed(change)
    )


def sus_trend(rows: Sequence[ChartRow[Sus]], change: MeasuredChange | None) -> Chart | None:
    """Over rounds, oldest first, beside the usual score; `change` as in `completion_trend`."""
    says = _(
        "%(change)s Les tirets sont à %(mean)s, la moyenne des produits.",
        change=comparison_labels.score_changed(change),
        mean=round(SUS_MEAN),
    )
    chart = _trend(_dots(rows[-ROUNDS_MAX:], _sus), says)
    level = SCORE_MOST - SUS_MEAN
    return chart and replace(
        chart, level=level, asides=charts.place_margin_labels([(_("Moyenne"), level)])
    )


def umux_lite_trend(rows: Sequence[ChartRow[Mean]], change: MeasuredChange | None) -> Chart | None:
    """Over rounds, oldest first; `change` as in `completion_trend`."""
    return _trend(_dots(rows[-ROUNDS_MAX:], _score), comparison_labels.score_changed(change))


def durations_trend(
    rows: Sequence[ChartRow[Duration]], change: MeasuredChange | None
) -> Chart | None:
    """One task over rounds, in seconds or minutes; `change` as in `completion_trend`."""
    dots, unit = _in_unit(_dots(rows[-ROUNDS_MAX:], _duration))
    return _trend(dots, f"{comparison_labels.duration_changed(change)} {unit}", _longest(dots))


def _trend(dots: Dots, says: str, longest: float = SCORE_MOST) -> Chart | None:
    """The dots are joined by a thin line: between two rounds nothing was measured."""
    if not any(dot for _row, dot in dots):
        return None
    chart = _chart(says, _("Tour de test"), dots, longest)
    through = [(whisker.x, 100 - whisker.y) for whisker in chart.whiskers if whisker.y is not None]
    return replace(chart, series=[charts.line("", "even", through, 100)])


def _measured(rows: Sequence[ChartRow[Figure]]) -> list[tuple[str, Figure]]:
    return [(row.name, row.figure) for row in rows if row.figure is not None]


def _dots(rows: Sequence[ChartRow[Figure]], dot: Callable[[Figure], Dot]) -> Dots:
    return [
        ((row.label, row.name), None if row.figure is None else dot(row.figure)) for row in rows
    ]


def _in_unit(dots: Dots) -> tuple[Dots, str]:
    """Times in seconds, or in minutes where a dot is beyond `LONG`; and which, for the title."""
    if max((dot.value for _row, dot in dots if dot), default=0.0) <= SECONDS_AXIS_MAX:
        return dots, _("En secondes.")
    return [(row, dot and _in_minutes(dot)) for row, dot in dots], _("En minutes.")


def _in_minutes(dot: Dot) -> Dot:
    within = dot.interval and Interval(dot.interval.low / MINUTE, dot.interval.high / MINUTE)
    return replace(dot, value=dot.value / MINUTE, interval=within)


def _longest(dots: Dots) -> float:
    """The top of the axis. The end of an interval may be far up: three times the dots will do."""
    values = [dot.value for _row, dot in dots if dot]
    ends = [dot.interval.high for _row, dot in dots if dot and dot.interval]
    longest = max(values, default=1.0)
    return max(longest, min(max(ends, default=0.0), 3 * longest))


def _chart(says: str, row_header: str, dots: Dots, most: float) -> Chart:
    top, marks = charts.scale(most)
    each = -(-len(dots) // LABELS_MAX)
    measured = [
        _drawn(label if n % each == 0 else "", dot, written=len(dots) <= WRITTEN_DOTS_MAX)
        for n, ((label, _name), dot) in enumerate(dots)
    ]
    return Chart(
        title=says,
        y_ticks=charts.y_ticks(top, marks, format_decimal),
        whiskers=charts.whiskers(measured, top),
        headers=[row_header, _("Mesures"), _("Valeur"), _("Au moins"), _("Au plus")],
        rows=[
            [_named(label, name), *([str(dot.n), dot.written, *dot.ends] if dot else ["—"] * 4)]
            for (label, name), dot in dots
        ],
    )


def _drawn(label: str, dot: Dot | None, *, written: bool) -> WhiskerValue:
    if dot is None:
        return label, None, None, None, ""
    ends = (dot.interval.low, dot.interval.high) if dot.interval else (None, None)
    return label, dot.value, *ends, dot.written if written else ""


def _named(label: str, name: str) -> str:
    return name if label == name else _("%(label)s : %(name)s", label=label, name=name)


def _completion(figure: Completion) -> Dot:
    low, high = hundredths(figure.interval)
    return Dot(
        n=figure.n,
        value=100 * figure.successes / figure.n,
        interval=Interval(100 * figure.interval.low, 100 * figure.interval.high),
        written=f"{figure.successes}/{figure.n}",
        ends=(_("%(n)s sur 100", n=low), _("%(n)s sur 100", n=high)),
    )


def _duration(figure: Duration) -> Dot:
    within = None if figure.alike else figure.interval
    ends = (time(within.low), time(within.high)) if within else _NONE
    return Dot(figure.n, figure.seconds, within, time(figure.seconds), ends)


def _ease(figure: Mean) -> Dot:
    dot = _score(figure)
    within = dot.interval and Interval(dot.interval.low - SEQ_LEAST, dot.interval.high - SEQ_LEAST)
    return replace(dot, value=dot.value - SEQ_LEAST, interval=within)


def _sus(figure: Sus) -> Dot:
    return _score(Mean(figure.n, figure.score, figure.interval, figure.alike))


def _score(figure: Mean) -> Dot:
    within = None if figure.alike else figure.interval
    ends = (tenths(within.low), tenths(within.high)) if within else _NONE
    return Dot(figure.n, figure.value, within, tenths(figure.value), ends)


_NONE = ("—", "—")

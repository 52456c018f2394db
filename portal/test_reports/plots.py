"""Trends as charts: each says its sentence, and has its table."""

from collections.abc import Sequence
from dataclasses import replace

from portal.test_reports import words
from portal.test_reports.queries import Tried
from portal.test_reports.trends import ScaleTrend, TaskTrend
from portal.usability import plots
from portal.usability import words as figures
from portal.usability.interval import Mean
from portal.usability.plots import Figure, Row
from portal.usability.scales import Sus
from portal.user_tests.models import Scale
from portal.web.charts import Chart


def completion(of: TaskTrend) -> Chart | None:
    rows = _rows([(one, found.completion) for one, found in of.figures])
    only = _only(rows)
    chart = plots.completion_trend(rows, of.completion)
    return _said(chart, figures.completion(only)) if only else chart


def time(of: TaskTrend) -> Chart | None:
    rows = _rows([(one, found.time) for one, found in of.figures])
    only = _only(rows)
    chart = plots.durations_trend(rows, of.time)
    return _said(chart, figures.duration(only)) if only else chart


def scale(of: ScaleTrend) -> Chart | None:
    if of.scale is Scale.UMUX_LITE:
        means = _rows([(one, got if isinstance(got, Mean) else None) for one, got in of.figures])
        chart, mean = plots.umux_lite_trend(means, of.change), _only(means)
        return _said(chart, figures.umux_lite(mean)) if mean else chart
    scores = _rows([(one, got if isinstance(got, Sus) else None) for one, got in of.figures])
    chart, score = plots.sus_trend(scores, of.change), _only(scores)
    return _said(chart, figures.sus(score)) if score else chart


def _rows(found: Sequence[tuple[Tried, Figure | None]]) -> list[Row[Figure]]:
    return [Row(words.round_label(one), words.round_name(one), figure) for one, figure in found]


def _only(rows: Sequence[Row[Figure]]) -> Figure | None:
    """The one that was measured, when there is only one: there is no change to tell."""
    measured = [row.figure for row in rows if row.figure is not None]
    return measured[0] if len(measured) == 1 else None


def _said(chart: Chart | None, sentence: str) -> Chart | None:
    return chart and replace(chart, title=sentence)

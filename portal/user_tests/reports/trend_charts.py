"""Trends as charts, each with its sentence and its table."""

from collections.abc import Sequence
from dataclasses import replace

from portal.platform.web.charts import Chart
from portal.user_tests.reports import labels
from portal.user_tests.reports.round_rules import VersionedRound
from portal.user_tests.reports.trend_rules import ScaleTrend, TaskTrend
from portal.user_tests.rounds.models import RoundScale
from portal.user_tests.statistics import charts
from portal.user_tests.statistics import labels as statistics_labels
from portal.user_tests.statistics.charts import ChartRow, Figure
from portal.user_tests.statistics.interval_rules import Mean
from portal.user_tests.statistics.scale_rules import SusResult


def draw_completion(trend: TaskTrend) -> Chart | None:
    rows = _build_chart_rows([(round_, task_figures.completion) for round_, task_figures in trend.figures])
    only_figure = _find_single_figure(rows)
    chart = charts.draw_completion_trend(rows, trend.completion)
    return (
        _replace_chart_title(chart, statistics_labels.completion_sentence(only_figure))
        if only_figure
        else chart
    )


def draw_duration(trend: TaskTrend) -> Chart | None:
    rows = _build_chart_rows([(round_, task_figures.time) for round_, task_figures in trend.figures])
    only_figure = _find_single_figure(rows)
    chart = charts.draw_durations_trend(rows, trend.time)
    return (
        _replace_chart_title(chart, statistics_labels.duration_sentence(only_figure))
        if only_figure
        else chart
    )


def draw_scale(trend: ScaleTrend) -> Chart | None:
    if trend.scale is RoundScale.UMUX_LITE:
        means = _build_chart_rows(
            [(round_, figure if isinstance(figure, Mean) else None) for round_, figure in trend.figures]
        )
        chart, mean = charts.draw_umux_lite_trend(means, trend.change), _find_single_figure(means)
        return _replace_chart_title(chart, statistics_labels.umux_lite_sentence(mean)) if mean else chart
    scores = _build_chart_rows(
        [(round_, figure if isinstance(figure, SusResult) else None) for round_, figure in trend.figures]
    )
    chart, score = charts.draw_sus_trend(scores, trend.change), _find_single_figure(scores)
    return _replace_chart_title(chart, statistics_labels.sus_sentence(score)) if score else chart


def _build_chart_rows(
    round_figures: Sequence[tuple[VersionedRound, Figure | None]],
) -> list[ChartRow[Figure]]:
    return [
        ChartRow(labels.round_axis_label(round_), labels.round_name(round_), figure)
        for round_, figure in round_figures
    ]


def _find_single_figure(rows: Sequence[ChartRow[Figure]]) -> Figure | None:
    """Return the only measured figure; None where there are several or none."""
    measured = [row.figure for row in rows if row.figure is not None]
    return measured[0] if len(measured) == 1 else None


def _replace_chart_title(chart: Chart | None, sentence: str) -> Chart | None:
    return chart and replace(chart, title=sentence)

"""Results of a round as pictures: a line a task with its completion and its time, then the score."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.user_tests.rounds import labels
from portal.user_tests.rounds.models import TestTask
from portal.user_tests.rounds.sum_rules import TaskFigures
from portal.user_tests.statistics import interval_charts
from portal.user_tests.statistics import labels as statistics_labels
from portal.user_tests.statistics.interval_charts import GradeBand, IntervalMark
from portal.user_tests.statistics.interval_rules import Mean
from portal.user_tests.statistics.number_labels import format_tenths
from portal.user_tests.statistics.scale_rules import SusResult

TaskWithItsFigures = tuple[TestTask, TaskFigures]


@dataclass(frozen=True)
class TaskChartRow:
    """A task with the marks of its completion and of its time on task."""

    name: str
    note: str
    completion: IntervalMark
    time: IntervalMark


@dataclass(frozen=True)
class TaskPicture:
    """The tasks, the main one first; `time_ticks` are the texts at 0, 50 and 100 % of the axis."""

    title: str
    columns: Sequence[str]
    rows: Sequence[TaskChartRow]
    time_ticks: Sequence[str]
    legend: str


@dataclass(frozen=True)
class ScalePicture:
    """The score of the final questionnaire; `bands` are the letters of the SUS, or empty."""

    title: str
    mark: IntervalMark
    bands: Sequence[GradeBand]


@dataclass(frozen=True)
class ShareBarPart:
    """A part of a bar of shares, in percent of its length."""

    label: str
    look: str
    count: int
    at: float
    width: float


def describe_main_task(tasks: Sequence[TaskWithItsFigures]) -> str:
    """Return how many managed the main task alone, of how many; "" where nobody tried one."""
    completions = [figures.completion for task, figures in tasks if task.is_primary]
    if not completions or completions[0] is None:
        return ""
    return ngettext(
        "%(num)s sur %(n)s réussit la tâche principale sans aide",
        "%(num)s sur %(n)s réussissent la tâche principale sans aide",
        completions[0].successes,
        n=completions[0].n,
    )


def draw_tasks(tasks: Sequence[TaskWithItsFigures]) -> TaskPicture | None:
    """Return the tasks that somebody tried; None where there is none."""
    measured = [(task, figures) for task, figures in tasks if figures.completion is not None]
    if not measured:
        return None
    measured.sort(key=lambda entry: not entry[0].is_primary)
    axis = interval_charts.find_time_axis_end(
        [figures.time for _task, figures in measured], [task.time_limit for task, _figures in measured]
    )
    sentence = describe_main_task(tasks)
    return TaskPicture(
        title=sentence[:1].upper() + sentence[1:] or _("Réussite et temps, tâche par tâche"),
        columns=[
            _("Réussite sans aide, usagers sur 100"),
            _("Temps des réussites sans aide, et limite fixée")
            if _has_time_limit(measured)
            else _("Temps des réussites sans aide"),
        ],
        rows=[_build_task_chart_row(task, figures, axis) for task, figures in measured],
        time_ticks=["0", labels.format_duration(axis // 2), labels.format_duration(axis)],
        legend=_build_legend(measured),
    )


def _build_task_chart_row(task: TestTask, figures: TaskFigures, axis: int) -> TaskChartRow:
    n = figures.completion.n if figures.completion else 0
    limit = task.time_limit
    return TaskChartRow(
        name=_("T%(n)s. %(title)s", n=task.number, title=task.title),
        note=_("principale, n = %(n)s", n=n) if task.is_primary else _("n = %(n)s", n=n),
        completion=interval_charts.draw_completion_mark(figures.completion, figures.helped),
        time=interval_charts.draw_duration_mark(
            figures.time, limit, axis, labels.format_duration(limit) if limit else ""
        ),
    )


def _has_time_limit(measured: Sequence[TaskWithItsFigures]) -> bool:
    return any(task.time_limit for task, _figures in measured)


def _build_legend(measured: Sequence[TaskWithItsFigures]) -> str:
    most = max(figures.completion.n for _task, figures in measured if figures.completion)
    people = ngettext("%(num)s personne", "%(num)s personnes", most)
    parts = [
        _("Point : ce que l’on a vu."),
        _("Barre : intervalle de confiance à 95 %% ; avec %(people)s, il reste large.", people=people),
    ]
    if _has_time_limit(measured):
        parts.append(_("Trait vertical : la limite fixée."))
    return " ".join(parts)


def draw_scale(figure: SusResult | Mean | None) -> ScalePicture | None:
    """Return the score with the letters of the SUS; None where nobody answered."""
    if figure is None:
        return None
    if isinstance(figure, SusResult):
        title = _(
            "Satisfaction : %(score)s sur 100, note %(grade)s",
            score=format_tenths(figure.score),
            grade=figure.benchmark.grade,
        )
        mark = interval_charts.draw_score_mark(figure, statistics_labels.sus_sentence(figure))
        return ScalePicture(title, mark, interval_charts.draw_grade_bands())
    title = _("Satisfaction : %(score)s sur 100", score=format_tenths(figure.value))
    return ScalePicture(
        title, interval_charts.draw_score_mark(figure, statistics_labels.umux_lite_sentence(figure)), []
    )

"""Charts of a project's figures. The title of each is the sentence that it shows."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import format_decimal

from portal.platform.kernel import clock
from portal.platform.kernel.text import format_day, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.web import charts
from portal.platform.web.charts import Chart, Tick
from portal.sprints.backlog.flow_rules import BurndownPoint, ItemState
from portal.sprints.backlog.labels import STATES
from portal.sprints.sprints.figure_queries import ProjectSprintFigures
from portal.sprints.sprints.figure_rules import StartedSprint
from portal.sprints.sprints.labels import format_amount, format_completed, format_days

BARS_MAX = 8  # sprints side by side, so that they fit a phone
# From the bottom of the chart to its top.
FLOW_STATES = (ItemState.DONE, ItemState.DOING, ItemState.BLOCKED, ItemState.TO_DO)


def draw_burndown(figures: ProjectSprintFigures, sprint: StartedSprint, zone: str) -> Chart:
    """Remaining work and scope over time, and the ideal: an even pace to zero on the last planned
    day, whenever the sprint was closed."""
    line = figures.burndown
    remaining = [point.remaining for point in line]
    title = _describe_burndown(figures, sprint)
    chart = _draw_scope_chart(figures, sprint, zone, title, (_("Reste"), remaining))
    top, _marks = charts.compute_axis_scale(max(point.scope for point in line))
    even = [(0.0, float(line[0].scope)), (100.0, 0.0)]
    pace = charts.place_label_beside_line(_("Idéal"), charts.line("", "even", even, top), chart.series)
    ideals = [line[0].scope * (1 - at / 100) for at in _compute_x_positions(sprint, line, zone)]
    return replace(
        chart,
        series=[pace, *chart.series],
        headers=[*chart.headers, _("Idéal")],
        rows=[
            [*row, str(format_decimal(round(ideal, 1)))]
            for row, ideal in zip(chart.rows, ideals, strict=True)
        ],
    )


def draw_burnup(figures: ProjectSprintFigures, sprint: StartedSprint, zone: str) -> Chart:
    """Completed work and scope over time."""
    completed = [point.completed for point in figures.burndown]
    return _draw_scope_chart(figures, sprint, zone, _describe_burnup(figures), (_("Fait"), completed))


def _draw_scope_chart(
    figures: ProjectSprintFigures,
    sprint: StartedSprint,
    zone: str,
    title: str,
    main: tuple[str, Sequence[int]],
) -> Chart:
    """The scope over time beside the `main` series: its name, and its value at each moment."""
    line, (name, values) = figures.burndown, main
    top, marks = charts.compute_axis_scale(max(point.scope for point in line))
    across = _compute_x_positions(sprint, line, zone)
    series = [
        charts.step_line(_("Périmètre"), "scope", _pair_x_with_values(across, (p.scope for p in line)), top),
        charts.step_line(name, "main", _pair_x_with_values(across, values), top),
    ]
    return Chart(
        title=title,
        y_ticks=charts.y_ticks(top, marks),
        x_ticks=_list_day_ticks(line[0].at, _find_chart_end(sprint, line, zone), zone),
        series=charts.spread_labels(series),
        headers=[_("Jour"), _("Périmètre"), _("Fait"), _("Reste"), _("Ajouté"), _("Retiré")],
        rows=_list_table_rows(line, zone),
    )


def _describe_burndown(figures: ProjectSprintFigures, sprint: StartedSprint) -> str:
    last = figures.burndown[-1]
    left = format_amount(last.remaining, in_points=figures.in_points)
    if sprint.closed_at:
        return _(
            "Sprint %(number)s : à la clôture, il restait %(left)s sur %(scope)s.",
            number=sprint.number,
            left=left,
            scope=last.scope,
        )
    return _(
        "Sprint %(number)s : il reste %(left)s sur %(scope)s.",
        number=sprint.number,
        left=left,
        scope=last.scope,
    )


def _describe_burnup(figures: ProjectSprintFigures) -> str:
    first, last = figures.burndown[0], figures.burndown[-1]
    reached = format_completed(last.completed, in_points=figures.in_points)
    if last.added or last.removed:
        return _(
            "%(done)s ; le périmètre est passé de %(before)s à %(after)s"
            " (%(added)s en plus, %(removed)s en moins).",
            done=reached,
            before=first.scope,
            after=last.scope,
            added=last.added,
            removed=last.removed,
        )
    return _("%(done)s ; le périmètre n’a pas bougé depuis le démarrage.", done=reached)


def _list_table_rows(line: Sequence[BurndownPoint], zone: str) -> list[list[str]]:
    """A row for the start, then one for each end of a day."""
    day_labels = [_("au départ"), *(_format_short_day(_day_of_moment(point.at, zone)) for point in line[1:])]
    return [
        [day, *map(str, (p.scope, p.completed, p.remaining, p.added, p.removed))]
        for day, p in zip(day_labels, line, strict=True)
    ]


def _day_of_moment(moment: datetime, zone: str) -> date:
    """The day of a moment; midnight belongs to the day that ends."""
    return clock.day_of(moment - timedelta(microseconds=1), zone)


def _format_short_day(day: date) -> str:
    return format_day(day, "d MMM")


def _find_chart_end(sprint: StartedSprint, line: Sequence[BurndownPoint], zone: str) -> datetime:
    """The end of the last planned day, or later when the sprint lasts longer."""
    evening = datetime.combine(sprint.planned_to + timedelta(days=1), datetime.min.time())
    day = timedelta(days=1)
    return max(evening.replace(tzinfo=ZoneInfo(zone)), line[-1].at, line[0].at + day)


def _compute_x_positions(sprint: StartedSprint, line: Sequence[BurndownPoint], zone: str) -> list[float]:
    first, whole = line[0].at, _find_chart_end(sprint, line, zone) - line[0].at
    return [100 * (point.at - first) / whole for point in line]


def _pair_x_with_values(across: Iterable[float], values: Iterable[int]) -> list[tuple[float, float]]:
    return [(x, float(value)) for x, value in zip(across, values, strict=True)]


def _list_day_ticks(first: datetime, last: datetime, zone: str) -> list[Tick]:
    moments = [(0.0, first), (50.0, first + (last - first) / 2), (100.0, last)]
    return [Tick(at, _format_short_day(_day_of_moment(moment, zone))) for at, moment in moments]


def draw_cumulative_flow(figures: ProjectSprintFigures, zone: str) -> Chart | None:
    """Items by state at each start and close, and now; None for less than three moments."""
    samples = [
        (at, standing)
        for sprint in figures.started
        for at, standing in (
            (sprint.started_at, sprint.standing_at_start),
            (sprint.closed_at, sprint.standing_at_close),
        )
        if at and standing
    ]
    samples.append((figures.at, figures.state_counts))
    total = max(sum(standing.values()) for _at, standing in samples)
    if len(samples) < 3 or not total:
        return None
    first, whole = samples[0][0], samples[-1][0] - samples[0][0]
    across = [100 * (at - first) / whole for at, _standing in samples]
    top, marks = charts.compute_axis_scale(total)
    areas, named, lower = [], [], [0] * len(samples)
    for state in FLOW_STATES:
        upper = [low + sample[1][state] for low, sample in zip(lower, samples, strict=True)]
        edges = _pair_x_with_values(across, lower), _pair_x_with_values(across, upper)
        areas.append(charts.area(state.value, *edges, top))
        if upper != lower:
            named.append((str(STATES[state]), areas[-1].y))
        lower = upper
    return Chart(
        title=_describe_flow(figures),
        y_ticks=charts.y_ticks(top, marks),
        x_ticks=_list_day_ticks(first, samples[-1][0], zone),
        areas=areas,
        asides=charts.place_margin_labels(named),
        headers=[_("Jour"), *(str(STATES[state]) for state in FLOW_STATES)],
        rows=[
            [_format_short_day(_day_of_moment(at, zone)), *(str(standing[state]) for state in FLOW_STATES)]
            for at, standing in samples
        ],
    )


def _describe_flow(figures: ProjectSprintFigures) -> str:
    standing = figures.state_counts
    return _(
        "%(done)s sur %(all)s ; %(doing)s en cours, %(blocked)s, %(to_do)s à faire.",
        done=format_completed(standing[ItemState.DONE], in_points=False),
        all=sum(standing.values()),
        doing=standing[ItemState.DOING],
        blocked=ngettext("%(num)s bloqué", "%(num)s bloqués", standing[ItemState.BLOCKED]),
        to_do=standing[ItemState.TO_DO],
    )


def draw_velocity(figures: ProjectSprintFigures) -> Chart | None:
    """What each closed sprint finished, and the mean of the latest ones; None without any."""
    if not figures.closed:
        return None
    values = [
        (sprint.number, float(sprint.finished_amount(in_points=figures.in_points)))
        for sprint in figures.closed[-BARS_MAX:]
    ]
    top, marks = charts.compute_axis_scale(max(value for _n, value in values))
    level = None
    if figures.velocity:
        level = 100 - 100 * figures.velocity.mean / top
    return _draw_bar_chart(_describe_velocity(figures), values, top, marks, level)


def _describe_velocity(figures: ProjectSprintFigures) -> str:
    mean_velocity = figures.velocity
    unit = _("points") if figures.in_points else _("éléments")
    if mean_velocity is None:
        return _(
            "%(unit)s finis par sprint ; il faut trois sprints clos pour en dire une moyenne.",
            unit=unit.capitalize(),
        )
    return _(
        "%(mean)s %(unit)s finis par sprint en moyenne (les tirets), de %(least)s à %(most)s,"
        " sur les %(n)s derniers sprints clos.",
        mean=format_decimal(round(mean_velocity.mean, 1)),
        unit=unit,
        least=mean_velocity.least,
        most=mean_velocity.most,
        n=mean_velocity.n,
    )


def draw_throughput(figures: ProjectSprintFigures) -> Chart | None:
    """How many items each closed sprint finished; None without closed sprints."""
    if not figures.closed:
        return None
    values = [(sprint.number, float(sprint.finished_items)) for sprint in figures.closed[-BARS_MAX:]]
    top, marks = charts.compute_axis_scale(max(value for _n, value in values))
    last = figures.closed[-1]
    title = _(
        "%(items)s au sprint %(number)s.",
        items=format_completed(last.finished_items, in_points=False),
        number=last.number,
    )
    return _draw_bar_chart(title, values, top, marks)


def draw_cycle_time(figures: ProjectSprintFigures) -> Chart | None:
    """Median cycle time per closed sprint, in days; None while no item was finished."""
    timed_sprints = [sprint for sprint in figures.closed[-BARS_MAX:] if sprint.cycle_days is not None]
    if not timed_sprints:
        return None
    values = [(sprint.number, round(sprint.cycle_days or 0, 1)) for sprint in timed_sprints]
    top, marks = charts.compute_axis_scale(max(value for _n, value in values))
    title = _(
        "Au sprint %(number)s, la moitié des éléments ont été finis en %(days)s ou moins.",
        number=timed_sprints[-1].number,
        days=format_days(timed_sprints[-1].cycle_days),
    )
    return _draw_bar_chart(title, values, top, marks)


def _draw_bar_chart(
    title: str,
    values: Sequence[tuple[int, float]],
    top: float,
    marks: Sequence[float],
    level: float | None = None,
) -> Chart:
    labelled = [(str(n), value, str(format_decimal(value))) for n, value in values]
    return Chart(
        title=title,
        y_ticks=charts.y_ticks(top, marks),
        bars=charts.bars(labelled, top),
        level=level,
        asides=[] if level is None else charts.place_margin_labels([(_("Moyenne"), level)]),
        headers=[_("Sprint"), _("Valeur")],
        rows=[[_("Sprint %(number)s", number=n), text] for n, _value, text in labelled],
    )

"""Layout of a metric's line chart: dated values in, pixel coordinates out. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import floor, log10

LEFT, RIGHT, TOP, BOTTOM = 48, 60, 16, 32  # minimum margins in px; the last value's label is right
GAP, CHARACTER_WIDTH = 14, 8  # px beside a label, and per character
HEIGHT = 240  # px
TICKS = 4  # intervals aimed at
RELATIVE_TOLERANCE = 1e-8  # of the largest value: smaller differences count as none
MANY = 100  # tolerances below which a flat series is drawn around zero


@dataclass(frozen=True)
class MetricChartPoint:
    """A dated value at `x`, `y` px."""

    x: float
    y: float
    on: date
    value: float


@dataclass(frozen=True)
class MetricChartLevel:
    """A horizontal line at `y` px: a tick, the baseline or the target."""

    y: float
    value: float


@dataclass(frozen=True)
class MetricChart:
    """A chart of `width` × `height` px; `line` is the `points` attribute of an SVG polyline."""

    width: int
    height: int
    left: int
    right: float
    bottom: float
    points: Sequence[MetricChartPoint]
    ticks: Sequence[MetricChartLevel]
    baseline: MetricChartLevel | None
    target: MetricChartLevel | None

    @property
    def line(self) -> str:
        return " ".join(f"{point.x},{point.y}" for point in self.points)


def draw_metric_chart(
    measured: Sequence[tuple[date, float]],
    *,
    baseline: tuple[date, float] | None,
    target: float | None,
    width: int,
) -> MetricChart | None:
    """Return the chart for a width in px, with the baseline as a point; None without any value."""
    series = sorted([*([baseline] if baseline else []), *measured], key=lambda dated_value: dated_value[0])
    if not series:
        return None
    values = [value for _, value in series] + ([target] if target is not None else [])
    ticks = ticks_between(min(values), max(values))
    low, high = ticks[0], ticks[-1]
    first, last = series[0][0].toordinal(), series[-1][0].toordinal()
    left = min(max(LEFT, *(_label_width(tick) for tick in ticks)), width // 3)
    right = width - min(max(RIGHT, _label_width(round(series[-1][1], 3))), width // 3)
    plot_width, plot_height = right - left, HEIGHT - TOP - BOTTOM

    def y_of(value: float) -> float:
        return round(TOP + plot_height * (high - value) / (high - low), 1)

    def x_of(day: date) -> float:
        share = (day.toordinal() - first) / (last - first) if last > first else 0.5
        return round(left + plot_width * share, 1)

    return MetricChart(
        width=width,
        height=HEIGHT,
        left=left,
        right=right,
        bottom=HEIGHT - BOTTOM,
        points=[MetricChartPoint(x_of(day), y_of(value), day, value) for day, value in series],
        ticks=[MetricChartLevel(y_of(value), value) for value in ticks],
        baseline=MetricChartLevel(y_of(baseline[1]), baseline[1]) if baseline else None,
        target=MetricChartLevel(y_of(target), target) if target is not None else None,
    )


def _label_width(value: float) -> int:
    """Return the width in px of a tick's label, such as « 1 200 000 » or « 0,05 »."""
    return GAP + CHARACTER_WIDTH * len(f"{value:,.10f}".rstrip("0").rstrip("."))


def ticks_between(low: float, high: float) -> list[float]:
    """Return a few round numbers, the first at most `low` and the last at least `high`."""
    largest = max(abs(low), abs(high))
    if high - low <= max(RELATIVE_TOLERANCE * largest, RELATIVE_TOLERANCE):
        margin = largest / 2 if largest > MANY * RELATIVE_TOLERANCE else 0.5
        low, high = low - margin, high + margin
    step = _round_step((high - low) / TICKS)
    start, end = floor(low / step), -floor(-high / step)
    return [round(step * n, 10) for n in range(start, end + 1)]


def _round_step(rough: float) -> float:
    """Return the next of 1, 2 or 5 times a power of ten."""
    power = float(10 ** floor(log10(rough)))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= rough * (1 - 1e-9))

"""Where the points of a metric's chart stand. Pure: values in, places on a drawing out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import floor, log10

LEFT, RIGHT, TOP, BOTTOM = 48, 60, 16, 32  # px around the plot, at least; the last value is right
GAP, CHARACTER_WIDTH = 14, 8  # px beside a number, and of each of its signs
HEIGHT = 240
TICKS = 4
RELATIVE_TOLERANCE = 1e-8  # values this close are one, beside the largest of them
MANY = 100


@dataclass(frozen=True)
class MetricChartPoint:
    x: float
    y: float
    on: date
    value: float


@dataclass(frozen=True)
class MetricChartLevel:
    """A horizontal line: a tick, the baseline or the target."""

    y: float
    value: float


@dataclass(frozen=True)
class MetricChart:
    """A drawing of `width` × `height` px; `line` is the points as SVG writes them."""

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
    """The baseline is the first point. None while there is nothing to draw."""
    series = sorted(
        [*([baseline] if baseline else []), *measured], key=lambda dated_value: dated_value[0]
    )
    if not series:
        return None
    values = [value for _, value in series] + ([target] if target is not None else [])
    ticks = ticks_between(min(values), max(values))
    low, high = ticks[0], ticks[-1]
    first, last = series[0][0].toordinal(), series[-1][0].toordinal()
    left = min(max(LEFT, *(_label_width(tick) for tick in ticks)), width // 3)
    right = width - min(max(RIGHT, _label_width(series[-1][1])), width // 3)
    room_x, room_y = right - left, HEIGHT - TOP - BOTTOM

    def y_of(value: float) -> float:
        return round(TOP + room_y * (high - value) / (high - low), 1)

    def x_of(day: date) -> float:
        share = (day.toordinal() - first) / (last - first) if last > first else 0.5
        return round(left + room_x * share, 1)

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
    """How wide a number is beside the plot, as it is written: « 1 200 000 », « 0,05 »."""
    return GAP + CHARACTER_WIDTH * len(f"{round(value, 3):,}".removesuffix(".0"))


def ticks_between(low: float, high: float) -> list[float]:
    """A few round numbers, from at most the lowest value to at least the highest."""
    largest = max(abs(low), abs(high))
    if high - low <= max(RELATIVE_TOLERANCE * largest, RELATIVE_TOLERANCE):
        room = largest / 2 if largest > MANY * RELATIVE_TOLERANCE else 0.5
        low, high = low - room, high + room
    step = _round_step((high - low) / TICKS)
    start, end = floor(low / step), -floor(-high / step)
    return [round(step * n, 10) for n in range(start, end + 1)]


def _round_step(rough: float) -> float:
    """The next of 1, 2, 5 × a power of ten."""
    power = float(10 ** floor(log10(rough)))
    return next(nice * power for nice in (1, 2, 5, 10) if nice * power >= rough * (1 - 1e-9))

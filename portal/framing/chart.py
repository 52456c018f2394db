"""Where the points of a metric's chart stand. Pure: values in, places on a drawing out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import floor, log10

LEFT, RIGHT, TOP, BOTTOM = 48, 60, 16, 32  # px around the plot, at least; the last value is right
GAP, SIGN = 14, 8  # px beside a number, and of each of its signs
HEIGHT = 240
TICKS = 4
SAME = 1e-8  # values this close are one, beside the largest of them
MANY = 100


@dataclass(frozen=True)
class Point:
    x: float
    y: float
    on: date
    value: float


@dataclass(frozen=True)
class Level:
    """A horizontal line: a tick, the baseline or the target."""

    y: float
    value: float


@dataclass(frozen=True)
class Chart:
    """A drawing of `width` × `height` px; `line` is the points as SVG writes them."""

    width: int
    height: int
    left: int
    right: float
    bottom: float
    points: Sequence[Point]
    ticks: Sequence[Level]
    baseline: Level | None
    target: Level | None

    @property
    def line(self) -> str:
        return " ".join(f"{point.x},{point.y}" for point in self.points)


def draw(
    measured: Sequence[tuple[date, float]],
    *,
    baseline: tuple[date, float] | None,
    target: float | None,
    width: int,
) -> Chart | None:
    """The baseline is the first point. None while there is nothing to draw."""
    shown = sorted([*([baseline] if baseline else []), *measured], key=lambda one: one[0])
    if not shown:
        return None
    values = [value for _, value in shown] + ([target] if target is not None else [])
    ticks = ticks_between(min(values), max(values))
    low, high = ticks[0], ticks[-1]
    first, last = shown[0][0].toordinal(), shown[-1][0].toordinal()
    left = min(max(LEFT, *(_room(tick) for tick in ticks)), width // 3)
    right = width - min(max(RIGHT, _room(shown[-1][1])), width // 3)
    room_x, room_y = right - left, HEIGHT - TOP - BOTTOM

    def down(value: float) -> float:
        return round(TOP + room_y * (high - value) / (high - low), 1)

    def across(day: date) -> float:
        share = (day.toordinal() - first) / (last - first) if last > first else 0.5
        return round(left + room_x * share, 1)

    return Chart(
        width=width,
        height=HEIGHT,
        left=left,
        right=right,
        bottom=HEIGHT - BOTTOM,
        points=[Point(across(day), down(value), day, value) for day, value in shown],
        ticks=[Level(down(value), value) for value in ticks],
        baseline=Level(down(baseline[1]), baseline[1]) if baseline else None,
        target=Level(down(target), target) if target is not None else None,
    )


def _room(value: float) -> int:
    """How wide a number is beside the plot, as it is written: « 1 200 000 », « 0,05 »."""
    return GAP + SIGN * len(f"{round(value, 3):,}".removesuffix(".0"))


def ticks_between(low: float, high: float) -> list[float]:
    """A few round numbers, from at most the lowest value to at least the highest."""
    largest = max(abs(low), abs(high))
    if high - low <= max(SAME * largest, SAME):
        room = largest / 2 if largest > MANY * SAME else 0.5
        low, high = low - room, high + room
    step = _round_step((high - low) / TICKS)
    start, end = floor(low / step), -floor(-high / step)
    return [round(step * n, 10) for n in range(start, end + 1)]


def _round_step(rough: float) -> float:
    """The next of 1, 2, 5 × a power of ten."""
    power = float(10 ** floor(log10(rough)))
    return next(nice * power for nice in (1, 2, 5, 10) if nice * power >= rough * (1 - 1e-9))

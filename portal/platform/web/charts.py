"""Geometry of charts in percent of the plot area; `platform/web/ui/charts.html` draws them as SVG.

Pure but for numbers, which the reader's language writes. `x` runs from the left and `y` from the top,
both 0 to 100. No colours and no sizes: the `look` of a series is a CSS class.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from operator import attrgetter, itemgetter
from typing import Literal, NamedTuple

from flask_babel import format_decimal

LABEL_GAP = 8.0  # minimal distance of two labels, percent of the height
LABEL_HALF = 3.5  # half the height of a label, percent of the height
LETTER_WIDTH = 3.0  # width of a letter on the narrowest screen, percent of the width
ROOM_RIGHT = 70.0  # a line that ends left of this has its label on the right
STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True)
class Tick:
    """A mark on an axis; `at` in percent."""

    at: float
    label: str


@dataclass(frozen=True)
class Series:
    """A line or an area: its SVG `points`, and its label at (`x`, `y`).

    `stands` is the side of the label: it starts at x, ends at x, or ends at x above the line.
    """

    label: str
    look: str
    points: str
    x: float
    y: float
    stands: Literal["start", "end", "over"] = "over"
    through: Sequence[tuple[float, float]] = ()


@dataclass(frozen=True)
class MarginLabel:
    """A label right of the plot at the height `y`, with a stroke to the height `at`."""

    label: str
    at: float
    y: float


@dataclass(frozen=True)
class Bar:
    """A bar with `value` written above and `label` below."""

    x: float
    width: float
    y: float
    height: float
    value: str
    label: str


@dataclass(frozen=True)
class Whisker:
    """A dot at `y` with its interval from `low` to `high`; None: not drawn.

    `value` is written above the dot and `label` below the axis; either may be empty. `is_cut`: the
    interval exceeds the top of the plot.
    """

    x: float
    y: float | None
    low: float | None
    high: float | None
    value: str
    label: str
    is_cut: bool = False


@dataclass(frozen=True)
class Chart:
    """A chart with its title; `headers` and `rows` show the same data as a table."""

    title: str
    y_ticks: Sequence[Tick]
    x_ticks: Sequence[Tick] = ()
    series: Sequence[Series] = ()
    areas: Sequence[Series] = ()
    bars: Sequence[Bar] = ()
    whiskers: Sequence[Whisker] = ()
    level: float | None = None  # `y` of a horizontal line
    asides: Sequence[MarginLabel] = ()  # right of the plot, highest first
    headers: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = field(default=())


def compute_axis_scale(most: float) -> tuple[float, list[float]]:
    """The maximum of an axis from 0 that fits `most`, and its three to six tick values."""
    if most <= 0:
        return 1.0, [0.0, 1.0]
    power = 10.0 ** (len(str(int(most))) - 1)
    candidate_steps = (step * scaled for scaled in (power / 10, power) for step in STEPS)
    step = next(
        candidate for candidate in candidate_steps if most / candidate <= 5 and (candidate >= 1 or most < 1)
    )
    count = -(-most // step)
    return count * step, [step * n for n in range(int(count) + 1)]


def write_number(value: float) -> str:
    """A value as it is: « 2,5 »."""
    return str(format_decimal(value))


def y_ticks(top: float, values: Sequence[float], write: Callable[[float], str] = write_number) -> list[Tick]:
    return [Tick(100 - 100 * value / top, write(value)) for value in values]


def line(label: str, look: str, values: Sequence[tuple[float, float]], top: float) -> Series:
    """A line through (x in percent, value) pairs, labelled at its end."""
    points = [(x, 100 - 100 * value / top) for x, value in values]
    x, y = points[-1]
    return Series(label, look, _svg_points(points), x, y, "start" if x < ROOM_RIGHT else "over", points)


def step_line(label: str, look: str, values: Sequence[tuple[float, float]], top: float) -> Series:
    """A step line: it keeps each value until the next x."""
    corners: list[tuple[float, float]] = []
    for x, value in values:
        if corners:
            corners.append((x, corners[-1][1]))
        corners.append((x, value))
    return line(label, look, corners, top)


def area(
    look: str, lower: Sequence[tuple[float, float]], upper: Sequence[tuple[float, float]], top: float
) -> Series:
    """The area between two lines, positioned at the middle of its right end."""
    outline = [*upper, *reversed(lower)]
    points = [(x, 100 - 100 * value / top) for x, value in outline]
    middle = 100 - 50 * (lower[-1][1] + upper[-1][1]) / top
    return Series("", look, _svg_points(points), upper[-1][0], middle)


def bars(values: Sequence[tuple[str, float, str]], top: float) -> list[Bar]:
    """A bar for each (label, value, text of the value), side by side."""
    room = 100 / max(1, len(values))
    return [
        Bar(
            x=n * room + room * 0.15,
            width=room * 0.7,
            y=100 - 100 * value / top,
            height=100 * value / top,
            value=text,
            label=label,
        )
        for n, (label, value, text) in enumerate(values)
    ]


# Label, value, low, high, text of the value.
WhiskerValue = tuple[str, float | None, float | None, float | None, str]


def whiskers(values: Sequence[WhiskerValue], top: float) -> list[Whisker]:
    """A dot with its interval for each, side by side; a value of None leaves its slot empty."""
    room = 100 / max(1, len(values))

    def y_of(value: float | None) -> float | None:
        return None if value is None else 100 - 100 * min(value, top) / top

    return [
        Whisker(
            x=(n + 0.5) * room,
            y=y_of(value),
            low=y_of(low),
            high=y_of(high),
            value=text,
            label=label,
            is_cut=high is not None and high > top,
        )
        for n, (label, value, low, high, text) in enumerate(values)
    ]


def spread_labels(series: Sequence[Series]) -> list[Series]:
    """The series with labels moved apart vertically, highest first."""
    placed: list[Series] = []
    for curve in sorted(series, key=attrgetter("y")):
        y = max(curve.y, LABEL_GAP)
        if placed and abs(placed[-1].x - curve.x) < 50:
            y = max(y, placed[-1].y + LABEL_GAP)
        placed.append(replace(curve, y=y))
    return placed


class _LabelBox(NamedTuple):
    left: float
    right: float
    top: float
    bottom: float

    def overlaps(self, other: "_LabelBox") -> bool:
        apart = self.right < other.left or other.right < self.left
        return not (apart or self.bottom < other.top or other.bottom < self.top)


def _label_box(curve: Series) -> _LabelBox:
    """The largest area that a label takes."""
    width = LETTER_WIDTH * (len(curve.label) + 1)
    left = curve.x if curve.stands == "start" else curve.x - width
    middle = curve.y - (LABEL_HALF + 2 if curve.stands == "over" else 0)
    return _LabelBox(left, left + width, middle - LABEL_HALF, middle + LABEL_HALF)


def place_label_beside_line(label: str, straight: Series, others: Sequence[Series]) -> Series:
    """A falling straight line with its label where it overlaps the fewest lines and labels.

    A label right of the line is above it, left of the line below it: it never crosses the line.
    """
    (x1, y1), (x2, y2) = straight.through[0], straight.through[-1]
    occupied = [_label_box(curve) for curve in others if curve.label]
    for curve in others:
        for (ax, ay), (bx, by) in pairwise(curve.through):
            occupied.append(_LabelBox(min(ax, bx), max(ax, bx), min(ay, by), max(ay, by)))

    def labelled(part: float, stands: Literal["start", "end"]) -> Series:
        x, y = x1 + (x2 - x1) * part, y1 + (y2 - y1) * part
        y += LABEL_HALF if stands == "end" else -LABEL_HALF
        return replace(straight, label=label, x=x, y=y, stands=stands)

    parts = (0.5, 0.6, 0.4, 0.7, 0.3, 0.8)
    places = [labelled(part, side) for side in ("start", "end") for part in parts]
    room = _LabelBox(0, 100, 0, 100)

    def cost(candidate: Series) -> int:
        box = _label_box(candidate)
        outside = box.left < room.left or box.right > room.right
        return 100 * outside + sum(box.overlaps(other) for other in occupied)

    return min(places, key=cost)


def place_margin_labels(labels: Sequence[tuple[str, float]]) -> list[MarginLabel]:
    """Margin labels for (label, height) pairs, `LABEL_GAP` apart, as near as possible."""
    ranked = sorted(labels, key=itemgetter(1))
    heights: list[float] = []
    for _label, at in ranked:
        heights.append(max(at, heights[-1] + LABEL_GAP if heights else 0.0))
    lowest = 100.0
    for n in reversed(range(len(heights))):
        heights[n] = min(heights[n], lowest)
        lowest = heights[n] - LABEL_GAP
    return [MarginLabel(label, at, y) for (label, at), y in zip(ranked, heights, strict=True)]


def _svg_points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.2f},{y:.2f}" for x, y in points)

"""Where the lines and bars of a chart go, in hundredths of its plot; `platform/web/ui/charts.html` draws them.

Pure. Nothing here knows colours or sizes: a series has a `look`, which is a class of the style
sheet, and texts are placed in percent so that they keep their size on any screen.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Literal, NamedTuple

LABEL_GAP = 8.0  # hundredths of the height between two labels at least
LABEL_HALF = 3.5  # hundredths of the height above and under the middle of a label
LETTER_WIDTH = 3.0  # hundredths of the width that a letter takes, on the narrowest screen
ROOM_RIGHT = 70.0  # a line that ends before it has room for its label on the right
STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True)
class Tick:
    """A mark on an axis, at so many hundredths."""

    at: float
    label: str


@dataclass(frozen=True)
class Series:
    """A line or an area: `points` as SVG takes them, and where its own label stands.

    A label begins or ends at its place, or stands "over" it, ending there.
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
    """A name in the margin: at the height `y`, with a stroke to what it names at `at`."""

    label: str
    at: float
    y: float


@dataclass(frozen=True)
class Bar:
    """One of a row of bars, with what is written over and under it."""

    x: float
    width: float
    y: float
    height: float
    value: str
    label: str


@dataclass(frozen=True)
class Whisker:
    """A dot, and from where to where it may be: `low` and `high` are hundredths down, or None.

    `value` is written over it, and `label` under the axis; either may be empty. Without a `y` there
    is the label alone. `is_cut` says that the interval goes on beyond the top.
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
    """What to draw, under a title that says what it shows; `rows` repeat it as a table."""

    title: str
    y_ticks: Sequence[Tick]
    x_ticks: Sequence[Tick] = ()
    series: Sequence[Series] = ()
    areas: Sequence[Series] = ()
    bars: Sequence[Bar] = ()
    whiskers: Sequence[Whisker] = ()
    level: float | None = None  # a line across at so many hundredths
    asides: Sequence[MarginLabel] = ()  # right of the plot, highest first
    headers: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = field(default=())


def scale(most: float) -> tuple[float, list[float]]:
    """The top of an axis that starts at 0, and the values it marks: three to six of them."""
    if most <= 0:
        return 1.0, [0.0, 1.0]
    power = 10.0 ** (len(str(int(most))) - 1)
    candidate_steps = (step * scaled for scaled in (power / 10, power) for step in STEPS)
    step = next(
        candidate
        for candidate in candidate_steps
        if most / candidate <= 5 and (candidate >= 1 or most < 1)
    )
    count = -(-most // step)
    return count * step, [step * n for n in range(int(count) + 1)]


def y_ticks(top: float, values: Sequence[float], write: Callable[[float], str]) -> list[Tick]:
    return [Tick(100 - 100 * value / top, write(value)) for value in values]


def line(label: str, look: str, values: Sequence[tuple[float, float]], top: float) -> Series:
    """Through (hundredths across, value) pairs, labelled at its end."""
    points = [(x, 100 - 100 * value / top) for x, value in values]
    x, y = points[-1]
    return Series(
        label, look, _svg_points(points), x, y, "start" if x < ROOM_RIGHT else "over", points
    )


def steps(label: str, look: str, values: Sequence[tuple[float, float]], top: float) -> Series:
    """A line that keeps its value until the next one."""
    walked: list[tuple[float, float]] = []
    for x, value in values:
        if walked:
            walked.append((x, walked[-1][1]))
        walked.append((x, value))
    return line(label, look, walked, top)


def area(
    look: str,
    lower: Sequence[tuple[float, float]],
    upper: Sequence[tuple[float, float]],
    top: float,
) -> Series:
    """Between two lines; its place is the middle of its end."""
    outline = [*upper, *reversed(lower)]
    points = [(x, 100 - 100 * value / top) for x, value in outline]
    middle = 100 - 50 * (lower[-1][1] + upper[-1][1]) / top
    return Series("", look, _svg_points(points), upper[-1][0], middle)


def bars(values: Sequence[tuple[str, float, str]], top: float) -> list[Bar]:
    """A bar for each (label, value, what is written over it), side by side."""
    room = 100 / max(1, len(values))
    return [
        Bar(
            x=n * room + room * 0.15,
            width=room * 0.7,
            y=100 - 100 * value / top,
            height=100 * value / top,
            value=written,
            label=label,
        )
        for n, (label, value, written) in enumerate(values)
    ]


# A label, its value, from where to where that may be, and what is written over it.
WhiskerValue = tuple[str, float | None, float | None, float | None, str]


def whiskers(values: Sequence[WhiskerValue], top: float) -> list[Whisker]:
    """A dot with its interval for each, side by side; a value of None keeps its place empty."""
    room = 100 / max(1, len(values))

    def down(value: float | None) -> float | None:
        return None if value is None else 100 - 100 * min(value, top) / top

    return [
        Whisker(
            x=(n + 0.5) * room,
            y=down(value),
            low=down(low),
            high=down(high),
            value=written,
            label=label,
            is_cut=high is not None and high > top,
        )
        for n, (label, value, low, high, written) in enumerate(values)
    ]


def spread_labels(series: Sequence[Series]) -> list[Series]:
    """The same lines, their labels moved so that none covers another. Highest first."""
    placed: list[Series] = []
    for curve in sorted(series, key=lambda each: each.y):
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
    """The room that a label takes, at most."""
    width = LETTER_WIDTH * (len(curve.label) + 1)
    left = curve.x if curve.stands == "start" else curve.x - width
    middle = curve.y - (LABEL_HALF + 2 if curve.stands == "over" else 0)
    return _LabelBox(left, left + width, middle - LABEL_HALF, middle + LABEL_HALF)


def label_beside_line(label: str, straight: Series, others: Sequence[Series]) -> Series:
    """A falling straight line, named beside itself where its label meets the least of the rest.

    Right of the line a label lies over it, left of it under it: it never crosses its own line.
    """
    (x1, y1), (x2, y2) = straight.through[0], straight.through[-1]
    occupied = [_label_box(curve) for curve in others if curve.label]
    for curve in others:
        for (ax, ay), (bx, by) in pairwise(curve.through):
            occupied.append(_LabelBox(min(ax, bx), max(ax, bx), min(ay, by), max(ay, by)))

    def named(part: float, stands: Literal["start", "end"]) -> Series:
        x, y = x1 + (x2 - x1) * part, y1 + (y2 - y1) * part
        y += LABEL_HALF if stands == "end" else -LABEL_HALF
        return replace(straight, label=label, x=x, y=y, stands=stands)

    parts = (0.5, 0.6, 0.4, 0.7, 0.3, 0.8)
    places = [named(part, side) for side in ("start", "end") for part in parts]
    room = _LabelBox(0, 100, 0, 100)

    def cost(candidate: Series) -> int:
        box = _label_box(candidate)
        outside = box.left < room.left or box.right > room.right
        return 100 * outside + sum(box.overlaps(other) for other in occupied)

    return min(places, key=cost)


def place_margin_labels(named: Sequence[tuple[str, float]]) -> list[MarginLabel]:
    """Names in the margin, each as near as the others let it to the height that it names."""
    ranked = sorted(named, key=lambda label_and_height: label_and_height[1])
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

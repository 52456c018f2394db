"""Where the lines and bars of a chart go, in hundredths of its plot; `ui/charts.html` draws them.

Pure. Nothing here knows colours or sizes: a series has a `look`, which is a class of the style
sheet, and texts are placed in percent so that they keep their size on any screen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

LABEL_GAP = 8.0  # hundredths of the height between two labels at least
STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True)
class Tick:
    """A mark on an axis, at so many hundredths."""

    at: float
    label: str


@dataclass(frozen=True)
class Series:
    """A line or an area: `points` as SVG takes them, and where its own label stands."""

    label: str
    look: str
    points: str
    x: float
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
class Chart:
    """What to draw, under a title that says what it shows; `rows` repeat it as a table."""

    title: str
    y_ticks: Sequence[Tick]
    x_ticks: Sequence[Tick] = ()
    series: Sequence[Series] = ()
    areas: Sequence[Series] = ()
    bars: Sequence[Bar] = ()
    level: float | None = None  # a line across at so many hundredths, which the title names
    headers: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = field(default=())


def scale(most: float) -> tuple[float, list[float]]:
    """The top of an axis that starts at 0, and the values it marks: three to six of them."""
    if most <= 0:
        return 1.0, [0.0, 1.0]
    power = 10.0 ** (len(str(int(most))) - 1)
    wanted = (step * scaled for scaled in (power / 10, power) for step in STEPS)
    step = next(one for one in wanted if most / one <= 5 and (one >= 1 or most < 1))
    count = -(-most // step)
    return count * step, [step * n for n in range(int(count) + 1)]


def y_ticks(top: float, values: Sequence[float]) -> list[Tick]:
    return [Tick(100 - 100 * value / top, f"{value:g}") for value in values]


def line(label: str, look: str, values: Sequence[tuple[float, float]], top: float) -> Series:
    """Through (hundredths across, value) pairs, labelled at its end."""
    points = [(x, 100 - 100 * value / top) for x, value in values]
    x, y = points[-1]
    return Series(label, look, _path(points), x, y)


def steps(label: str, look: str, values: Sequence[tuple[float, float]], top: float) -> Series:
    """A line that keeps its value until the next one."""
    walked: list[tuple[float, float]] = []
    for x, value in values:
        if walked:
            walked.append((x, walked[-1][1]))
        walked.append((x, value))
    return line(label, look, walked, top)


def area(
    label: str,
    look: str,
    lower: Sequence[tuple[float, float]],
    upper: Sequence[tuple[float, float]],
    top: float,
) -> Series:
    """Between two lines, labelled within, near its end."""
    outline = [*upper, *reversed(lower)]
    points = [(x, 100 - 100 * value / top) for x, value in outline]
    middle = 100 - 50 * (lower[-1][1] + upper[-1][1]) / top
    return Series(label, look, _path(points), upper[-1][0], middle)


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


def apart(series: Sequence[Series]) -> list[Series]:
    """The same lines, their labels moved so that none covers another. Highest first."""
    placed: list[Series] = []
    for one in sorted(series, key=lambda each: each.y):
        y = max(one.y, LABEL_GAP)
        if placed and abs(placed[-1].x - one.x) < 50:
            y = max(y, placed[-1].y + LABEL_GAP)
        placed.append(Series(one.label, one.look, one.points, one.x, y))
    return placed


def _path(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.2f},{y:.2f}" for x, y in points)

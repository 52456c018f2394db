"""The picture of a project's progress: what is accepted against the plan."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from portal.oversight.health.fact_rules import GateFacts, HealthFacts
from portal.platform.kernel.text import gettext as _
from portal.platform.web.template_filters import day as format_day


@dataclass(frozen=True)
class PlotTick:
    """A month under the picture, at a percentage of its width."""

    x: float
    label: str


@dataclass(frozen=True)
class ProgressPlot:
    """The picture: two lines as SVG points in percent, from the bottom left. `x` and `y` are where
    the project stands now; `rows` are the same in words."""

    accepted: str
    planned: str
    x: float
    y: float
    ticks: Sequence[PlotTick]
    rows: Sequence[tuple[str, str, str]]


def build_progress_plot(facts: HealthFacts, accepted: int, until: date) -> ProgressPlot:
    """Both lines are steps: a share rises on the day of a gate, and falls on the day that the gate is
    stale. The first ends where the project stands now."""
    days = max(1, (facts.ends_on - facts.starts_on).days)

    def across(on: date) -> float:
        return round(min(100.0, max(0.0, (on - facts.starts_on).days * 100 / days)), 1)

    counted = [step for step in facts.steps if not step.is_waived]
    passed = [(step.first_passed_on, step.weight) for step in counted if step.first_passed_on]
    fallen = [
        (since, -step.weight)
        for step in counted
        if (since := step.stale_since()) is not None and since <= until
    ]
    x = across(until)
    months = max(1, round(days / 30.4))
    middle = months // 2
    return ProgressPlot(
        accepted=_build_staircase_points([*passed, *fallen], counted, across, x, 100 - accepted),
        planned=_build_staircase_points(
            [(step.due_on, step.weight) for step in counted], counted, across, 100.0, None
        ),
        x=x,
        y=round(6 + (100 - accepted) * 0.78, 1),
        ticks=[
            PlotTick(0, _("mois 0")),
            *([PlotTick(round(100 * middle / months, 1), str(middle))] if middle else []),
            PlotTick(100, str(months)),
        ],
        rows=[_build_gate_row(step, until) for step in counted],
    )


def _build_staircase_points(
    events: Iterable[tuple[date, int]],
    counted: Sequence[GateFacts],
    across: Callable[[date], float],
    end: float,
    last: int | None,
) -> str:
    """The points of a line that moves by the weight of each event; it ends at `last`, if given."""
    total, height = sum(step.weight for step in counted) or 1, 0
    points = ["0,100"]
    for on, weight in sorted(events):
        points.append(f"{across(on)},{round(100 - height * 100 / total, 1)}")
        height += weight
        points.append(f"{across(on)},{round(100 - height * 100 / total, 1)}")
    points.append(f"{end},{round(100 - height * 100 / total, 1)}")
    if last is not None:
        points.append(f"{end},{last}")
    return " ".join(points)


def _build_gate_row(step: GateFacts, until: date) -> tuple[str, str, str]:
    if step.first_passed_on is None:
        return f"G{step.number}", format_day(step.due_on, "medium"), _("pas encore")
    passed = format_day(step.first_passed_on, "medium")
    if not step.is_accepted(until):
        passed = _("%(day)s, périmé", day=passed)
    return f"G{step.number}", format_day(step.due_on, "medium"), passed

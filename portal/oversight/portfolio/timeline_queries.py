"""The timeline of a programme: planned, passed and expected dates of gates, and the progress of the
teams at the end of each month, from health states."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.oversight.gates.forecast_rules import GateForecast, LatenessIncrements
from portal.oversight.health.state_rules import HealthSnapshot
from portal.oversight.portfolio.team_queries import PortfolioTeam
from portal.people.programmes.models import Programme
from portal.platform.kernel.months import months_after

AXIS_MARGIN = timedelta(days=92)  # after the last month
LAST_MARK_MARGIN = timedelta(days=14)  # after the last day of a gate
TICKS_MAX = 24  # labelled months; a longer axis labels one in three
MONTHS_A_QUARTER = 3
FULL_WIDTH = 100.0
LABEL_DISTANCE_MIN = 2.0  # of the width: closer marks share a label
LABEL_DISTANCE_NARROW = 7.0  # the same on a phone
RUN_MIN = 3  # gates that follow each other, from here on said by the first and the last


class TimelineMarkKind(StrEnum):
    PLANNED = "planned"
    PASSED = "passed"
    EXPECTED = "expected"


@dataclass(frozen=True)
class TimelineMark:
    """A gate on a line; `x` in per cent of the width, `first_x` and `last_x` those of its range."""

    gate: int
    kind: TimelineMarkKind
    x: float
    first_x: float | None = None
    last_x: float | None = None


@dataclass(frozen=True)
class TimelineGate:
    """A cell of the table: the planned date, and the date passed or the forecast."""

    number: int
    due_on: date
    passed_on: date | None
    is_waived: bool
    forecast: GateForecast | None

    @property
    def last_day(self) -> date:
        """The last day that its marks show."""
        days = [self.due_on, self.passed_on]
        if self.forecast is not None:
            days += [self.forecast.latest_on, self.forecast.expected_on]
        return max(day for day in days if day is not None)


@dataclass(frozen=True)
class TimelineLine:
    """A team. `gates` are its gates by number; `labels` are texts and positions for the passed and
    expected marks, `narrow_labels` the same on a phone."""

    team: PortfolioTeam
    gates: Mapping[int, TimelineGate]
    marks: Sequence[TimelineMark]
    labels: Sequence[tuple[str, float]]
    narrow_labels: Sequence[tuple[str, float]]

    @property
    def ranged_marks(self) -> Sequence[TimelineMark]:
        """The expected marks that have a range, in the order of the gates."""
        return [mark for mark in self.marks if mark.first_x is not None]


@dataclass(frozen=True)
class TimelineAxis:
    """From the first day to a quarter after the last month, or after the last mark if that is
    later; `months` are numbers and positions."""

    first: date
    last: date
    months: Sequence[tuple[int, float]]

    def x(self, day: date) -> float:
        """The position of a day, in per cent of the width, clamped to the axis."""
        part = (day - self.first).days / (self.last - self.first).days
        return round(min(max(part, 0.0), 1.0) * FULL_WIDTH, 2)


@dataclass(frozen=True)
class Timeline:
    """The lines of teams on a common axis that holds all their marks. `numbers` are those of all
    their gates: a team that is over keeps the gates that its programme had then."""

    axis: TimelineAxis
    lines: Sequence[TimelineLine]
    numbers: Sequence[int]


def build_timeline(
    programme: Programme, teams: Sequence[PortfolioTeam], steps: LatenessIncrements
) -> Timeline:
    """The lines of the teams that have a health state, in their order."""
    gates = {
        team.project.id: list_timeline_gates(team.state, steps) for team in teams if team.state is not None
    }
    days = [gate.last_day for team_gates in gates.values() for gate in team_gates if not gate.is_waived]
    axis = _build_axis(programme, max(days, default=programme.ends_on))
    lines = [
        _build_timeline_line(team, gates[team.project.id], axis) for team in teams if team.project.id in gates
    ]
    return Timeline(axis, lines, sorted({number for line in lines for number in line.gates}))


def _build_axis(programme: Programme, last_mark: date) -> TimelineAxis:
    last = max(programme.ends_on + AXIS_MARGIN, last_mark + LAST_MARK_MARGIN)
    axis = TimelineAxis(programme.starts_on, last, ())
    numbers = [0]
    while numbers[-1] < programme.months or months_after(programme.starts_on, numbers[-1] + 1) <= last:
        numbers.append(numbers[-1] + 1)
    step = 1 if len(numbers) <= TICKS_MAX else MONTHS_A_QUARTER
    months = [(n, axis.x(months_after(programme.starts_on, n))) for n in numbers[::step]]
    return TimelineAxis(axis.first, axis.last, months)


def list_timeline_gates(state: HealthSnapshot, steps: LatenessIncrements) -> Sequence[TimelineGate]:
    """The gates of a team in their order, with their forecast."""
    ahead = {forecast.number: forecast for forecast in state.forecast(steps)}
    return [
        TimelineGate(
            number=step.number,
            due_on=step.due_on,
            passed_on=step.first_passed_on,
            is_waived=step.is_waived,
            forecast=ahead.get(step.number),
        )
        for step in state.facts.steps
    ]


def _build_timeline_line(
    team: PortfolioTeam, gates: Sequence[TimelineGate], axis: TimelineAxis
) -> TimelineLine:
    marks = [mark for gate in gates for mark in _list_gate_marks(gate, axis)]
    return TimelineLine(
        team,
        {gate.number: gate for gate in gates},
        marks,
        build_mark_labels(marks),
        build_mark_labels(marks, LABEL_DISTANCE_NARROW),
    )


def build_mark_labels(
    marks: Sequence[TimelineMark], distance: float = LABEL_DISTANCE_MIN
) -> Sequence[tuple[str, float]]:
    """Texts and positions: « 5 », or « 2–4 » in the middle of marks closer than a distance, in per
    cent of the width."""
    labelled = sorted(
        (gate_mark for gate_mark in marks if gate_mark.kind is not TimelineMarkKind.PLANNED),
        key=lambda gate_mark: gate_mark.x,
    )
    groups: list[list[TimelineMark]] = []
    for mark in labelled:
        if groups and mark.x - groups[-1][-1].x < distance:
            groups[-1].append(mark)
        else:
            groups.append([mark])
    return [
        (
            _join_numbers(sorted(gate_mark.gate for gate_mark in close_marks)),
            round((close_marks[0].x + close_marks[-1].x) / 2, 2),
        )
        for close_marks in groups
    ]


def _join_numbers(numbers: Sequence[int]) -> str:
    """« 2, 3 »; three and more that follow each other as « 2–4 »."""
    follows = numbers[-1] - numbers[0] == len(numbers) - 1
    if follows and len(numbers) >= RUN_MIN:
        return f"{numbers[0]}–{numbers[-1]}"
    return ", ".join(str(number) for number in numbers)


def _list_gate_marks(gate: TimelineGate, axis: TimelineAxis) -> Sequence[TimelineMark]:
    if gate.is_waived:
        return []
    marks = [TimelineMark(gate.number, TimelineMarkKind.PLANNED, axis.x(gate.due_on))]
    if gate.passed_on is not None:
        marks.append(TimelineMark(gate.number, TimelineMarkKind.PASSED, axis.x(gate.passed_on)))
    elif gate.forecast is not None:
        forecast = gate.forecast
        first_x, last_x = (axis.x(day) if day else None for day in (forecast.earliest_on, forecast.latest_on))
        x = axis.x(forecast.expected_on)
        marks.append(TimelineMark(gate.number, TimelineMarkKind.EXPECTED, x, first_x, last_x))
    return marks

"""The months of a programme: when each team's gates were planned, passed or are expected; how far
its teams were at the end of each month. What is told follows from states that were read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from statistics import median
from uuid import UUID

from portal.health.forecast import Cohort, Forecast
from portal.health.queries import states_of
from portal.health.standing import State
from portal.kernel import clock
from portal.kernel.months import months_after
from portal.portfolio.teams import Team
from portal.programmes.models import Programme

AFTER = timedelta(days=92)  # shown after the last month
WHOLE = 100.0
BESIDE = 2.0  # of the width: closer marks have one label


class Kind(StrEnum):
    PLANNED = "planned"
    PASSED = "passed"
    EXPECTED = "expected"


@dataclass(frozen=True)
class Mark:
    """A gate on a line; `x` in hundredths of the width."""

    gate: int
    kind: Kind
    x: float


@dataclass(frozen=True)
class Gate:
    """What a cell says: planned on a day, and passed or expected."""

    number: int
    due_on: date
    passed_on: date | None
    is_waived: bool
    forecast: Forecast | None


@dataclass(frozen=True)
class Line:
    """`labels` name the marks that are passed or expected: those side by side have one."""

    team: Team
    gates: Sequence[Gate]
    marks: Sequence[Mark]
    labels: Sequence[tuple[str, float]]


@dataclass(frozen=True)
class Axis:
    """From the first day to a quarter after the last month; each month with where it begins."""

    first: date
    last: date
    months: Sequence[tuple[int, float]]

    def x(self, day: date) -> float:
        """Held within the axis."""
        part = (day - self.first).days / (self.last - self.first).days
        return round(min(max(part, 0.0), 1.0) * WHOLE, 2)


def axis_of(programme: Programme) -> Axis:
    axis = Axis(programme.starts_on, programme.ends_on + AFTER, ())
    months = [
        (number, axis.x(months_after(programme.starts_on, number)))
        for number in range(programme.months + 1)
    ]
    return Axis(axis.first, axis.last, months)


def lines_of(teams: Sequence[Team], cohort: Cohort, axis: Axis) -> Sequence[Line]:
    """Of the teams of which something is known, in their order."""
    return [_line(team, team.state, cohort, axis) for team in teams if team.state is not None]


def _line(team: Team, state: State, cohort: Cohort, axis: Axis) -> Line:
    ahead = {one.number: one for one in state.forecast(cohort)}
    gates = [
        Gate(
            number=one.number,
            due_on=one.due_on,
            passed_on=one.passed_on if one.is_accepted(state.day) else None,
            is_waived=one.is_waived,
            forecast=ahead.get(one.number),
        )
        for one in state.facts.steps
    ]
    marks = [mark for one in gates for mark in _marks(one, axis)]
    return Line(team, gates, marks, labels_of(marks))


def labels_of(marks: Sequence[Mark]) -> Sequence[tuple[str, float]]:
    """« 5 », or « 2, 3 » in the middle of marks whose labels would lie on each other."""
    told = sorted((one for one in marks if one.kind is not Kind.PLANNED), key=lambda one: one.x)
    groups: list[list[Mark]] = []
    for mark in told:
        if groups and mark.x - groups[-1][-1].x < BESIDE:
            groups[-1].append(mark)
        else:
            groups.append([mark])
    return [
        (
            ", ".join(str(number) for number in sorted(one.gate for one in group)),
            round((group[0].x + group[-1].x) / 2, 2),
        )
        for group in groups
    ]


def _marks(gate: Gate, axis: Axis) -> Sequence[Mark]:
    if gate.is_waived:
        return []
    found = [Mark(gate.number, Kind.PLANNED, axis.x(gate.due_on))]
    if gate.passed_on is not None:
        found.append(Mark(gate.number, Kind.PASSED, axis.x(gate.passed_on)))
    elif gate.forecast is not None:
        found.append(Mark(gate.number, Kind.EXPECTED, axis.x(gate.forecast.expected_on)))
    return found


@dataclass(frozen=True)
class Month:
    """How far the teams were at the end of a day: medians, in per cent; and among how many."""

    number: int
    on: date
    teams: int
    declared: int
    proved: int
    accepted: int


def months_of(programme: Programme, ids: Sequence[UUID], today: date) -> Sequence[Month]:
    """Each month of the programme that has begun, the last one as of today: as each was known then,
    in as many statements as there are months, times three."""
    found = []
    for number in range(1, programme.months + 1):
        if months_after(programme.starts_on, number - 1) > today:
            break
        last = months_after(programme.starts_on, number) - timedelta(days=1)
        day = min(last, today)
        states = states_of(ids, clock.end_of(day), day)
        if states:
            found.append(_month(number, day, states))
    return found


def _month(number: int, day: date, states: Mapping[UUID, State]) -> Month:
    numbers = [one.numbers for one in states.values()]
    return Month(
        number,
        day,
        len(numbers),
        *(
            int(median(getattr(one, name) for one in numbers))
            for name in ("declared", "proved", "accepted")
        ),
    )

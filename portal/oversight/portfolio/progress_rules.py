"""The progress of many teams, month by month: medians and quartiles beside what was planned. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median, quantiles
from uuid import UUID

from portal.oversight.gates.definition_rules import GateDefinition
from portal.oversight.health.state_rules import ProgressPercents
from portal.people.programmes.models import Programme
from portal.platform.kernel.months import months_after

QUARTILES_MIN = 4  # teams; with fewer a spread would identify teams


@dataclass(frozen=True)
class MonthProgress:
    """The progress at the end of a day: medians of `teams` teams in per cent, and the first and
    third quartile of what is accepted (None: too few teams). `number` counts months from 1."""

    number: int
    on: date
    teams: int
    declared: int
    proved: int
    accepted: int
    low: int | None
    high: int | None


@dataclass(frozen=True)
class ProgressHistory:
    """`months` are those that are over, and the accepted progress of each team at their ends, in
    their order; a team without figures then has 0."""

    months: Sequence[MonthProgress]
    accepted: Mapping[UUID, tuple[int, ...]]


@dataclass(frozen=True)
class CohortProgress:
    """What is accepted, by month, beside what was planned: `plan` are days with the planned progress
    from then on; `planned` is that of the last of the months."""

    months: Sequence[MonthProgress]
    plan: Sequence[tuple[date, int]]

    @property
    def planned(self) -> int:
        return compute_planned_on(self.plan, self.months[-1].on)


def build_accepted_month_progress(number: int, on: date, accepted: Sequence[int]) -> Sequence[MonthProgress]:
    """The month of teams of which only the accepted progress is known; none without teams."""
    if not accepted:
        return ()
    low, high = compute_spread(accepted)
    return (MonthProgress(number, on, len(accepted), 0, 0, int(median(accepted)), low, high),)


def build_month_progress(number: int, on: date, progress: Iterable[ProgressPercents]) -> MonthProgress:
    """The month of some teams, at least one."""
    teams = list(progress)
    accepted = [percents.accepted for percents in teams]
    low, high = compute_spread(accepted)
    return MonthProgress(
        number,
        on,
        len(teams),
        int(median(percents.declared for percents in teams)),
        int(median(percents.proved for percents in teams)),
        int(median(accepted)),
        low,
        high,
    )


def compute_spread(percents: Sequence[int]) -> tuple[int | None, int | None]:
    """The first and the third quartile (inclusive method); None for too few teams."""
    if len(percents) < QUARTILES_MIN:
        return None, None
    first, _second, third = quantiles(percents, n=4, method="inclusive")
    return int(first), int(third)


def build_planned_progress(
    starts: Iterable[date], definitions: Iterable[GateDefinition]
) -> Sequence[tuple[date, int]]:
    """The planned progress from each day on that a gate of a team is due: the median of teams that started on
    these days, in per cent of the weights."""
    gates = [(definition.terms.month, definition.weight) for definition in definitions]
    counts, total = Counter(starts), sum(weight for _month, weight in gates)
    plans = {start: [(months_after(start, month), weight) for month, weight in gates] for start in counts}

    def compute_percent(start: date, day: date) -> int:
        due = sum(weight for due_on, weight in plans[start] if due_on <= day)
        return due * 100 // total if total else 0

    days = sorted({due_on for plan in plans.values() for due_on, _weight in plan})
    return [
        (day, int(median([compute_percent(start, day) for start, n in counts.items() for _team in range(n)])))
        for day in days
    ]


def compute_planned_on(plan: Sequence[tuple[date, int]], day: date) -> int:
    """What was to be accepted by a day."""
    return max((percent for due_on, percent in plan if due_on <= day), default=0)


def list_month_ends(programme: Programme, day: date) -> Sequence[tuple[int, date]]:
    """Number and last day of each month of the programme that ended before a day."""
    ends = []
    for number in range(1, programme.months + 1):
        end = date.fromordinal(months_after(programme.starts_on, number).toordinal() - 1)
        if end >= day:
            break
        ends.append((number, end))
    return ends

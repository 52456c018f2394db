"""The progress of many teams, month by month: medians and quartiles beside what was planned. Pure."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from statistics import median, quantiles
from uuid import UUID

from portal.oversight.health.state_rules import ProgressPercents
from portal.people.programmes.models import Programme
from portal.platform.kernel.months import months_after

QUARTILES_MIN = 4  # teams; with fewer a spread would identify teams
TeamPlan = Sequence[tuple[date, int]]  # day and weight of each gate that is not waived


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
    """What is accepted, by month of the programme, beside what was planned: `plan` are days with the planned
    progress from then on; `planned` is that of the last of the months. `later_teams` began in a later month
    than the programme."""

    months: Sequence[MonthProgress]
    plan: Sequence[tuple[date, int]]
    later_teams: int = 0

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


def build_planned_progress(plans: Iterable[TeamPlan]) -> Sequence[tuple[date, int]]:
    """The planned progress from each day on that changes it: the median of the teams, in per cent of the
    weights of each. One pass over the different plans, whatever the number of teams."""
    counts = Counter(tuple(sorted(plan)) for plan in plans if plan)
    teams_by_share = Counter({0.0: counts.total()})
    changes: dict[date, Counter[float]] = defaultdict(Counter)
    for plan, teams in counts.items():
        total, due, share = sum(weight for _day, weight in plan), 0, 0.0
        for due_on, weight in plan:
            due += weight
            changes[due_on][share] -= teams
            share = 100.0 * due / total if total else 0.0
            changes[due_on][share] += teams
    planned: list[tuple[date, int]] = []
    for day in sorted(changes):
        teams_by_share.update(changes[day])
        percent = int(_compute_median(teams_by_share))
        if not planned or planned[-1][1] != percent:
            planned.append((day, percent))
    return planned


def _compute_median(counts: Counter[float]) -> float:
    """The median of values of which these are the counts, at least one."""
    values = sorted(+counts)
    ends = list(accumulate(counts[value] for value in values))
    low, high = (values[bisect_left(ends, place)] for place in ((ends[-1] + 1) // 2, ends[-1] // 2 + 1))
    return (low + high) / 2


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

"""What the first page of a pack compares with: the last committee, and each month of the programme."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median, quantiles
from uuid import UUID

from sqlalchemy import select

from portal.oversight.committee_packs.programme_state_queries import ProgrammeState, read_programme_state
from portal.oversight.committee_packs.snapshot_queries import PackCohort
from portal.oversight.committees.models import Committee
from portal.oversight.decisions.awaited_queries import OpenQuestion, list_open_questions_by_project
from portal.oversight.health.queries import read_states
from portal.oversight.health.state_rules import HealthSnapshot
from portal.oversight.portfolio.change_queries import ProgrammeMoves, read_programme_moves
from portal.oversight.portfolio.progress_rules import TeamPlan
from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from portal.platform.kernel.history import map_past_values_by_row
from portal.platform.kernel.months import months_after

MONTH = timedelta(days=30)  # compared with, where no committee was held before
QUARTERS = 4


@dataclass(frozen=True)
class CohortMonth:
    """The accepted share of all teams at the end of a month in per cent, rounded down, beside what
    their plans had due; `low` and `high` hold the middle half of the teams."""

    number: int
    low: int
    middle: int
    high: int
    planned: int


@dataclass(frozen=True)
class PackTrend:
    """`since` is the day of the last committee, or 30 days before; `then` the health on that day.

    `plan` is the median share that is due at the end of each month, from month 0; `questions` are open;
    `moves` happened since the committee's record was closed, or since that day. `programme` is how its
    calls and instalments stand.
    """

    since: date
    is_committee: bool
    then: Mapping[UUID, HealthSnapshot]
    months: Sequence[CohortMonth]
    plan: Sequence[float]
    questions: Mapping[UUID, Sequence[OpenQuestion]]
    moves: ProgrammeMoves
    programme: ProgrammeState


def read_trend(cohort: PackCohort, moment: datetime, day: date) -> PackTrend:
    """Read it in a number of statements that depends on the months of the programme alone."""
    ids = list(cohort.names)
    committee = _find_last_committee_day_and_moment(cohort.programme.id, moment, day)
    since, decided_until = committee or (day - MONTH, None)
    end = clock.end_of_day(since)
    return PackTrend(
        since=since,
        is_committee=committee is not None,
        then=read_states(ids, min(decided_until or end, end, moment), since),
        months=_read_cohort_months(cohort, moment, day),
        plan=_compute_planned_median_by_month(cohort),
        questions=list_open_questions_by_project(ids, moment),
        moves=read_programme_moves(cohort.programme.id, decided_until or end, moment),
        programme=read_programme_state(cohort.programme, moment, day),
    )


def _find_last_committee_day_and_moment(
    programme_id: UUID, moment: datetime, day: date
) -> tuple[date, datetime | None] | None:
    """The latest committee before `day`, or of `day` once its record is closed, as known at the moment:
    its day, and until when a closed record holds decisions."""
    committees = select(Committee.id, Committee.held_on, Committee.closed_at, Committee.decided_until).where(
        Committee.programme_id == programme_id, Committee.created_at <= moment
    )
    rows = db.session.execute(committees).all()
    past = map_past_values_by_row([row.id for row in rows], moment)
    dated = [
        (
            _as_date(past[row.id].get("held_on", row.held_on)),
            (row.decided_until or row.closed_at) if row.closed_at and row.closed_at <= moment else None,
        )
        for row in rows
    ]
    over = [
        (held_on, decided_until)
        for held_on, decided_until in dated
        if held_on < day or (decided_until and held_on == day)
    ]
    return max(over, key=lambda committee: committee[0], default=None)


def _as_date(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _read_cohort_months(cohort: PackCohort, moment: datetime, day: date) -> Sequence[CohortMonth]:
    """Each month that has begun, as it was known at its end, at the moment for the last."""
    months, plans = [], _list_team_plans(cohort)
    for number in range(1, cohort.months + 1):
        if months_after(cohort.starts_on, number - 1) > day:
            break
        end = months_after(cohort.starts_on, number) - timedelta(days=1)
        states = (
            cohort.health
            if end >= day
            else read_states(list(cohort.names), min(clock.end_of_day(end), moment), end)
        )
        if states:
            shares = [state.numbers.accepted for state in states.values()]
            months.append(
                _build_cohort_month(number, shares, _compute_median_due_share(plans, min(end, day)))
            )
    return months


def _build_cohort_month(number: int, shares: Sequence[int], planned: float) -> CohortMonth:
    low, middle, high = (
        quantiles(shares, n=QUARTERS, method="inclusive") if len(shares) > 1 else [shares[0]] * 3
    )
    return CohortMonth(number, int(low), int(middle), int(high), int(planned))


def _compute_planned_median_by_month(cohort: PackCohort) -> Sequence[float]:
    """The median of what each team’s plan has due as each month ends."""
    plans = _list_team_plans(cohort)
    ends = [months_after(cohort.starts_on, number) for number in range(cohort.months + 1)]
    return [_compute_median_due_share(plans, end) for end in ends]


def _list_team_plans(cohort: PackCohort) -> Sequence[TeamPlan]:
    plans = [
        [(step.due_on, step.weight) for step in state.facts.steps if not step.is_waived]
        for state in cohort.health.values()
    ]
    return [plan for plan in plans if plan]


def _compute_median_due_share(plans: Sequence[TeamPlan], day: date) -> float:
    return median([_compute_due_share(plan, day) for plan in plans] or [0.0])


def _compute_due_share(plan: TeamPlan, end: date) -> float:
    total = sum(weight for _due_on, weight in plan)
    due = sum(weight for due_on, weight in plan if due_on <= end)
    return 100.0 * due / total if total else 0.0

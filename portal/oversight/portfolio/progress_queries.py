"""The progress of teams at the end of each month that is over. Cached in the process.

Readings are append-only, so a month that is over never changes: the cache key is the teams and the
months. One statement for any number of teams.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, case, func, select

from portal.oversight.health.models import HealthFigures, HealthReading
from portal.oversight.health.progress_rules import progress_from_plain
from portal.oversight.health.queries import read_states
from portal.oversight.portfolio.progress_rules import (
    CohortProgress,
    MonthProgress,
    ProgressHistory,
    TeamPlan,
    build_accepted_month_progress,
    build_month_progress,
    build_planned_progress,
    list_month_ends,
)
from portal.oversight.portfolio.ranking_queries import Ranking
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.database import fetch_rows
from portal.project.projects.models import Project

_LAST_READINGS = (
    select(HealthFigures.reading_id, Project.starts_on)
    .join(Project, Project.id == HealthFigures.project_id)
    .where(HealthFigures.project_id.in_(bindparam("projects", expanding=True)))
)
_STEPS = select(HealthReading.id, HealthReading.facts["steps"]).where(
    HealthReading.id.in_(bindparam("readings", expanding=True))
)
PLANS_MAX = 8_000  # of some 1 kB each
_plans: dict[UUID, TeamPlan] = {}  # by reading, which never changes
CACHE_SIZE = 16  # histories; one of 2,000 teams takes 300 kB


def read_progress_history(programme: Programme, ids: Iterable[UUID], day: date) -> ProgressHistory:
    """The months of a programme that ended before a day, for teams that the caller may see."""
    return _read_cached_progress_history(tuple(sorted(ids)), tuple(list_month_ends(programme, day)))


def read_month_progress(programme: Programme, ids: Sequence[UUID], day: date) -> Sequence[MonthProgress]:
    """The same months, then the one that runs as of the end of `day`. Months without any reading are
    left out."""
    months = read_progress_history(programme, ids, day).months
    if day > programme.ends_on:
        return months
    numbers = [state.numbers for state in read_states(ids, clock.end_of_day(day), day).values()]
    if not numbers or day < programme.starts_on:
        return months
    return [*months, build_month_progress(programme.month_on(day), day, numbers)]


def read_cohort_progress(
    programme: Programme, ranking: Ranking, today: date, past: date | None
) -> tuple[CohortProgress | None, Mapping[UUID, Sequence[int]]]:
    """The progress of all teams by month as of today or of a past day, and that of each."""
    day = past or today
    history = read_progress_history(programme, ranking.ids, day)
    is_running = programme.starts_on <= day <= programme.ends_on
    current = (
        build_accepted_month_progress(programme.month_on(day), day, ranking.accepted) if is_running else ()
    )
    months = [*history.months, *current]
    trends = {
        id_: (*history.accepted.get(id_, ()), accepted)
        for id_, accepted in zip(ranking.ids, ranking.accepted, strict=True)
    }
    if not months:
        return None, trends
    plans = list_team_plans(ranking.ids, past)
    later = sum(starts_on <= day and programme.month_on(starts_on) > 1 for starts_on, _plan in plans)
    return CohortProgress(months, build_planned_progress(plan for _day, plan in plans), later), trends


def list_team_plans(ids: Sequence[UUID], day: date | None = None) -> Sequence[tuple[date, TeamPlan]]:
    """The first day and the plan of each team that has a reading, with its granted delays and without its
    waived gates, as its page and a pack have it: as of the end of a past day, or now. Two statements at
    most."""
    if day is not None:
        states = read_states(ids, clock.end_of_day(day), day)
        return [
            (
                state.facts.starts_on,
                [(step.due_on, step.weight) for step in state.facts.steps if not step.is_waived],
            )
            for state in states.values()
        ]
    readings = {row[0]: row[1] for row in fetch_rows(_LAST_READINGS, {"projects": ids})}
    plans = {id_: plan for id_ in readings if (plan := _plans.get(id_)) is not None}
    unknown = [id_ for id_ in readings if id_ not in plans]
    if unknown:
        plans |= {id_: _parse_plan(steps) for id_, steps in fetch_rows(_STEPS, {"readings": unknown})}
        if len(_plans) + len(unknown) > PLANS_MAX:
            _plans.clear()
        _plans.update(plans)
    return [(starts_on, plans[id_]) for id_, starts_on in readings.items() if id_ in plans]


def _parse_plan(steps: Sequence[Mapping[str, Any]] | None) -> TeamPlan:
    """The plan of stored gates, as `progress_from_plain` reads them."""
    return tuple(
        (date.fromisoformat(step["due_on"]), step["weight"])
        for step in steps or ()
        if not step.get("is_waived")
    )


def clear_cache() -> None:
    """Empty the cache, for code that writes readings of the past."""
    _read_cached_progress_history.cache_clear()


@lru_cache(maxsize=CACHE_SIZE)
def _read_cached_progress_history(ids: Sequence[UUID], ends: Sequence[tuple[int, date]]) -> ProgressHistory:
    if not ids or not ends:
        return ProgressHistory((), {})
    parameters = {_month_end_parameter_name(n): clock.end_of_day(end) for n, (_month, end) in enumerate(ends)}
    readings: dict[int, dict[UUID, Any]] = {n: {} for n in range(len(ends))}
    for project_id, n, facts in fetch_rows(_select_readings(len(ends)), {"projects": ids, **parameters}):
        readings[n][project_id] = facts
    months, accepted = [], {id_: [0] * len(ends) for id_ in ids}
    latest: dict[UUID, Mapping[str, Any]] = {}
    for n, (number, end) in enumerate(ends):
        latest |= readings[n]
        progress = {id_: progress_from_plain(facts, end) for id_, facts in latest.items()}
        for id_, percents in progress.items():
            accepted[id_][n] = percents.accepted
        if progress:
            months.append(build_month_progress(number, end, progress.values()))
    return ProgressHistory(months, {id_: tuple(percents) for id_, percents in accepted.items()})


@lru_cache(maxsize=64)
def _select_readings(count: int) -> Select[Any]:
    """The last reading of each project within each of `count` months, with the place of its month."""
    place = case(
        *((HealthReading.created_at <= bindparam(_month_end_parameter_name(n)), n) for n in range(count))
    )
    latest_first = HealthReading.created_at.desc(), HealthReading.id.desc()
    rank = func.row_number().over(partition_by=(HealthReading.project_id, place), order_by=latest_first)
    ranked = (
        select(HealthReading.id, place.label("place"), rank.label("rank"))
        .where(
            HealthReading.project_id.in_(bindparam("projects", expanding=True)),
            HealthReading.created_at <= bindparam(_month_end_parameter_name(count - 1)),
        )
        .subquery()
    )
    return (
        select(HealthReading.project_id, ranked.c.place, HealthReading.facts)
        .join(ranked, ranked.c.id == HealthReading.id)
        .where(ranked.c.rank == 1)
    )


def _month_end_parameter_name(place: int) -> str:
    """The bind parameter of the end of a month."""
    return f"end_{place}"

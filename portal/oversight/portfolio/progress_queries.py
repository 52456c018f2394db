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

from portal.oversight.health.models import HealthReading
from portal.oversight.health.progress_rules import progress_from_plain
from portal.oversight.health.queries import read_states
from portal.oversight.portfolio.progress_rules import (
    MonthProgress,
    ProgressHistory,
    build_month_progress,
    list_month_ends,
)
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.database import fetch_rows
from portal.project.projects.models import Project

_START_DAYS = select(Project.starts_on).where(Project.id.in_(bindparam("projects", expanding=True)))
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


def list_start_days(ids: Sequence[UUID]) -> Sequence[date]:
    """The first day of each of these teams, from which its gates are planned."""
    return [starts_on for (starts_on,) in fetch_rows(_START_DAYS, {"projects": ids})]


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

"""A project's figures, read from the snapshots of its sprints by prepared statements.

Items of closed sprints are never counted again. The caller has checked that the actor may see the
project. `read_figures` is cached until the audit trail grows or the minute ends.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from statistics import median
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import fetch_rows
from portal.platform.kernel.prepared_statements import PreparedStatement
from portal.project.projects.models import Project
from portal.sprints.backlog import flow_rules, forecast_rules
from portal.sprints.backlog.flow_rules import BurndownPoint, ItemFlowEvent, ItemState, SprintEventRange
from portal.sprints.backlog.models import ItemEvent, Iteration, Snapshot, SnapshotItem, SnapshotMoment
from portal.sprints.backlog.queries import count_items_by_state, current_snapshot_condition
from portal.sprints.sprints import policy
from portal.sprints.sprints.figure_rules import StartedSprint, StateCounts
from portal.sprints.sprints.models import Sprint

STARTED_SPRINTS_MAX = 20  # the latest started sprints are read
CACHE_SIZE = 64  # entries of about 20 kB
DEFAULT_CADENCE = 14  # days from one start to the next, while there is only one sprint


@dataclass(frozen=True)
class BacklogForecast:
    """The day by which the backlog is done, at 50 % and 85 %; None: beyond the horizon."""

    items: int
    sprints: int  # closed sprints that were sampled
    even_odds_on: date | None
    likely_on: date | None


@dataclass(frozen=True)
class ProjectSprintFigures:
    """The figures of a page; sprints come oldest first, and `burndown` is of `selected_sprint`.

    Hashable, so that it is a cache key for the drawn page; `at` is the end of the current minute.
    """

    at: datetime
    in_points: bool
    started: Sequence[StartedSprint]
    selected_sprint: StartedSprint | None
    burndown: Sequence[BurndownPoint]
    state_counts: StateCounts
    velocity: flow_rules.Velocity | None
    forecast: BacklogForecast | None  # None: too few closed sprints

    @property
    def closed(self) -> Sequence[StartedSprint]:
        """The closed sprints that had items."""
        return [sprint for sprint in self.started if sprint.closed_at and sprint.items]


@dataclass(frozen=True)
class _FiguresCacheKey:
    """The cache key of figures; `as_of` is the last seal of the audit trail."""

    as_of: str
    project_id: UUID
    number: int | None
    in_points: bool | None
    at: datetime
    zone: str


def read_figures(
    actor: Actor, project: Project, zone: str, *, number: int | None = None, in_points: bool | None = None
) -> ProjectSprintFigures:
    """The figures, with the burndown of sprint `number` (default: the latest).

    `in_points` defaults to whether any scope has points. `zone` names a time zone. Cached for a
    minute, as long as the audit trail does not grow.
    """
    at = clock.now().replace(second=0, microsecond=0) + timedelta(minutes=1)
    query = _FiguresCacheKey(actor.as_of, project.id, number, in_points, at, zone)
    return _compute_figures(query) if actor.as_of else _compute_figures.__wrapped__(query)


def clear_figures_cache() -> None:
    """Invalidate the cache: for tests that write without audit trail."""
    _compute_figures.cache_clear()


@lru_cache(maxsize=CACHE_SIZE)
def _compute_figures(query: _FiguresCacheKey) -> ProjectSprintFigures:
    params = {"project": query.project_id, "most": STARTED_SPRINTS_MAX}
    started = tuple(_build_started_sprint(row) for row in fetch_rows(_STARTED_SPRINTS, params))[::-1]
    selected_sprint = next((sprint for sprint in started if sprint.number == query.number), None)
    selected_sprint = selected_sprint or (started[-1] if started else None)
    in_points = query.in_points
    if in_points is None:
        in_points = any(sprint.committed_points or sprint.points for sprint in started)
    standing = StateCounts(count_items_by_state(query.project_id))
    closed = [sprint for sprint in started if sprint.closed_at and sprint.items]
    return ProjectSprintFigures(
        at=query.at,
        in_points=in_points,
        started=started,
        selected_sprint=selected_sprint,
        burndown=_read_burndown(query, selected_sprint, in_points=in_points) if selected_sprint else (),
        state_counts=standing,
        velocity=flow_rules.compute_velocity(
            [sprint.finished_amount(in_points=in_points) for sprint in closed]
        ),
        forecast=_forecast_backlog(started, closed, standing, query.zone),
    )


def _read_burndown(
    query: _FiguresCacheKey, sprint: StartedSprint, *, in_points: bool
) -> Sequence[BurndownPoint]:
    scope = fetch_rows(_START_SCOPE, {"iteration": sprint.id})
    at = sprint.started_at
    events = [ItemFlowEvent(sprint.start_number, at, item, sprint.id, *stood) for item, *stood in scope]
    params = {"project": query.project_id, "after": sprint.start_number}
    upto = sprint.close_number if sprint.close_number is not None else 2**31 - 1
    params |= {"upto": upto, "iteration": sprint.id}
    events += [ItemFlowEvent(*row) for row in fetch_rows(_LATER_EVENTS, params)]
    frame = SprintEventRange(sprint.id, sprint.start_number, sprint.close_number)
    measure = flow_rules.measure_points if in_points else flow_rules.measure_as_one_item
    return tuple(
        flow_rules.compute_burndown(events, frame, _list_day_ends(sprint, query.zone, query.at), measure)
    )


def _list_day_ends(sprint: StartedSprint, zone: str, now: datetime) -> list[datetime]:
    """The end of each day of a sprint so far, in a time zone; last its close, or now."""
    place = ZoneInfo(zone)
    last = sprint.closed_at or now
    day, ends = sprint.started_at.astimezone(place).date(), []
    while (end := datetime.combine(day + timedelta(days=1), time(), place)) < last:
        ends.append(end)
        day += timedelta(days=1)
    return [*ends, last]


def _forecast_backlog(
    started: Sequence[StartedSprint],
    closed: Sequence[StartedSprint],
    standing: Mapping[ItemState, int],
    zone: str,
) -> BacklogForecast | None:
    """From the end of the sprint in progress on, in steps of the team's median cadence."""
    history = [sprint.finished_items for sprint in closed]
    left = sum(number for state, number in standing.items() if state is not ItemState.DONE)
    if len(history) < forecast_rules.LEAST_SPRINTS:
        return None
    active = started[-1] if started and started[-1].closed_at is None else None
    base = max(active.ends_on, clock.today(zone)) if active else clock.today(zone)
    cadence = _compute_median_cadence(started)

    def day(confidence: float) -> date | None:
        try:
            sprints = forecast_rules.forecast_sprint_count(history, left, confidence)
        except forecast_rules.ForecastBeyondHorizon:
            return None
        return base + timedelta(days=cadence * max(0, sprints - (1 if active else 0)))

    return BacklogForecast(left, len(history), day(0.5), day(0.85))


def _compute_median_cadence(started: Sequence[StartedSprint]) -> int:
    """The median number of days from the start of a sprint to the start of the next."""
    firsts = [sprint.starts_on for sprint in started]
    gaps = [(after - before).days for before, after in pairwise(firsts)]
    return max(1, round(median(gaps))) if gaps else DEFAULT_CADENCE


def _build_started_sprint(row: Sequence[Any]) -> StartedSprint:
    """A row of `_STARTED_SPRINTS`; a missing snapshot counts as zero."""
    start, close, planned_to = row[6:13], row[13:-1], row[-1]
    return StartedSprint(
        id=row[0],
        number=row[1],
        starts_on=row[2],
        ends_on=row[3],
        planned_to=date.fromisoformat(planned_to) if planned_to else row[3],
        started_at=row[4],
        closed_at=row[5],
        start_number=start[0] or 0,
        committed_items=start[1] or 0,
        committed_points=start[2] or 0,
        standing_at_start=_build_state_counts(start[3:]),
        close_number=close[0],
        items=close[1] or 0,
        points=close[2] or 0,
        done_items=close[3] or 0,
        done_points=close[4] or 0,
        finished_items=close[5] or 0,
        finished_points=close[6] or 0,
        cycle_days=close[7],
        standing_at_close=_build_state_counts(close[8:]),
    )


def _build_state_counts(counts: Sequence[int | None]) -> StateCounts | None:
    if counts[0] is None:
        return None
    return StateCounts(zip(ItemState, (count or 0 for count in counts), strict=True))


def _list_state_columns(snapshot: Any) -> list[Any]:
    return [getattr(snapshot, state.value) for state in ItemState]


_start, _close = aliased(Snapshot), aliased(Snapshot)
_planned_to = (
    sa.select(AuditEvent.before["ends_on"].as_string())
    .where(AuditEvent.subject_id == Sprint.id, AuditEvent.action == policy.CLOSE_CODE)
    .order_by(AuditEvent.id.desc())
    .limit(1)
    .correlate(Sprint)
    .scalar_subquery()
)
_STARTED_SPRINTS = PreparedStatement(
    sa.select(
        Sprint.id,
        Sprint.number,
        Sprint.starts_on,
        Sprint.ends_on,
        Sprint.started_at,
        Sprint.closed_at,
        *(_start.event_number, _start.items, _start.points, *_list_state_columns(_start)),
        *(_close.event_number, _close.items, _close.points),
        *(_close.done_items, _close.done_points, _close.finished_items, _close.finished_points),
        *(_close.cycle_days, *_list_state_columns(_close)),
        _planned_to,
    )
    .join(Iteration, Iteration.id == Sprint.id)
    .outerjoin(_start, current_snapshot_condition(_start, Iteration, SnapshotMoment.START))
    .outerjoin(_close, current_snapshot_condition(_close, Iteration, SnapshotMoment.CLOSE))
    .where(Sprint.project_id == sa.bindparam("project"), Sprint.started_at.is_not(None))
    .order_by(Sprint.starts_on.desc(), Sprint.number.desc())
    .limit(sa.bindparam("most"))
)
_START_SCOPE = PreparedStatement(
    sa.select(SnapshotItem.item_id, SnapshotItem.state, SnapshotItem.points)
    .join(Snapshot, Snapshot.id == SnapshotItem.snapshot_id)
    .join(Iteration, current_snapshot_condition(Snapshot, Iteration, SnapshotMoment.START))
    .where(Iteration.id == sa.bindparam("iteration"))
)
# An event that a close of the sprint appended, which was undone: one for each item that it moved.
_is_of_undone_close = (
    sa.exists()
    .where(
        Iteration.id == sa.bindparam("iteration"),
        Snapshot.iteration_id == Iteration.id,
        Snapshot.moment == SnapshotMoment.CLOSE,
        sa.or_(Iteration.closed_at.is_(None), Snapshot.created_at != Iteration.closed_at),
        ItemEvent.number > Snapshot.event_number,
        ItemEvent.number <= Snapshot.event_number + Snapshot.items - Snapshot.done_items,
    )
    .correlate(ItemEvent)
)
_LATER_EVENTS = PreparedStatement(
    sa.select(
        ItemEvent.number,
        ItemEvent.created_at,
        ItemEvent.item_id,
        ItemEvent.iteration_id,
        ItemEvent.state,
        ItemEvent.points,
        ItemEvent.is_dropped,
    )
    .where(
        ItemEvent.project_id == sa.bindparam("project"),
        ItemEvent.number > sa.bindparam("after"),
        ItemEvent.number <= sa.bindparam("upto"),
        ~_is_of_undone_close,
    )
    .order_by(ItemEvent.number)
)

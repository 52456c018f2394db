"""A project's figures, from its snapshots: nothing is counted over the items of closed sprints.

The caller was already allowed to see the project. Statements are made once.
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

from portal.backlog import flow, forecast
from portal.backlog.figures import count_states
from portal.backlog.flow import Event, Frame, Point, State
from portal.backlog.models import ItemEvent, Moment, Snapshot, SnapshotItem
from portal.kernel import clock
from portal.kernel.access import Actor
from portal.kernel.audit import AuditEvent
from portal.kernel.db import rows
from portal.kernel.statements import Once
from portal.projects.models import Project
from portal.sprints import commands
from portal.sprints.facts import Standing, Told
from portal.sprints.models import Sprint

MOST = 20  # closed sprints that the figures reach back
REMEMBERED = 64  # figures, of some 20 kB each
USUAL_CADENCE = 14  # days from one sprint to the next, before there are two


@dataclass(frozen=True)
class Forecast:
    """The day on which the backlog may be done, at even odds and with 85 %; None: out of sight."""

    items: int
    sprints: int  # closed ones, that it stands on
    likely: date | None
    safe: date | None


@dataclass(frozen=True)
class Figures:
    """What the page shows; `shown` is the sprint whose burndown this is. Oldest first.

    All of it can be hashed, and `at` is the end of the minute: what follows is drawn once in it.
    """

    at: datetime
    in_points: bool
    started: Sequence[Told]
    shown: Told | None
    burndown: Sequence[Point]
    standing: Standing
    velocity: flow.Velocity | None
    forecast: Forecast | None  # None: too few closed sprints

    @property
    def closed(self) -> Sequence[Told]:
        """The closed sprints that had items."""
        return [told for told in self.started if told.closed_at and told.items]


@dataclass(frozen=True)
class _Asked:
    """Whose figures: they follow from this, and from what was done up to a seal of the trail."""

    as_of: str
    project_id: UUID
    number: int | None
    in_points: bool | None
    at: datetime
    zone: str


def read_figures(
    actor: Actor,
    project: Project,
    zone: str,
    *,
    number: int | None = None,
    in_points: bool | None = None,
) -> Figures:
    """For the sprint of that number, or the latest; in points where items have some, by default.

    Read once a minute while nobody has done anything.
    """
    at = clock.now().replace(second=0, microsecond=0) + timedelta(minutes=1)
    asked = _Asked(actor.as_of, project.id, number, in_points, at, zone)
    return _read(asked) if actor.as_of else _read.__wrapped__(asked)


def forget() -> None:
    """For whoever writes without the trail."""
    _read.cache_clear()


@lru_cache(maxsize=REMEMBERED)
def _read(asked: _Asked) -> Figures:
    given = {"project": asked.project_id, "most": MOST}
    started = tuple(_told(row) for row in rows(_STARTED, given))[::-1]
    shown = next((told for told in started if told.number == asked.number), None)
    shown = shown or (started[-1] if started else None)
    in_points = asked.in_points
    if in_points is None:
        in_points = any(told.committed_points or told.points for told in started)
    standing = Standing(count_states(asked.project_id))
    closed = [told for told in started if told.closed_at and told.items]
    return Figures(
        at=asked.at,
        in_points=in_points,
        started=started,
        shown=shown,
        burndown=_burndown(asked, shown, in_points=in_points) if shown else (),
        standing=standing,
        velocity=flow.velocity([told.finished(in_points=in_points) for told in closed]),
        forecast=_forecast(started, closed, standing, asked.zone),
    )


def _burndown(asked: _Asked, shown: Told, *, in_points: bool) -> Sequence[Point]:
    scope = rows(_START_LINES, {"iteration": shown.id})
    at = shown.started_at
    events = [Event(shown.start_number, at, item, shown.id, *stood) for item, *stood in scope]
    given = {"project": asked.project_id, "after": shown.start_number}
    upto = shown.close_number if shown.close_number is not None else 2**31 - 1
    events += [Event(*row) for row in rows(_LATER, given | {"upto": upto})]
    frame = Frame(shown.id, shown.start_number, shown.close_number)
    measure = flow.in_points if in_points else flow.in_items
    return tuple(flow.burndown(events, frame, moments_of(shown, asked.zone, asked.at), measure))


def moments_of(told: Told, zone: str, now: datetime) -> list[datetime]:
    """The end of each day of a sprint so far, in a time zone; at last its close, or now."""
    place = ZoneInfo(zone)
    last = told.closed_at or now
    day, ends = told.started_at.astimezone(place).date(), []
    while (end := datetime.combine(day + timedelta(days=1), time(), place)) < last:
        ends.append(end)
        day += timedelta(days=1)
    return [*ends, last]


def _forecast(
    started: Sequence[Told], closed: Sequence[Told], standing: Mapping[State, int], zone: str
) -> Forecast | None:
    """From the day on which the sprint in progress ends, in steps of the team's own cadence."""
    history = [told.finished_items for told in closed]
    left = sum(number for state, number in standing.items() if state is not State.DONE)
    if len(history) < forecast.LEAST_SPRINTS:
        return None
    active = started[-1] if started and started[-1].closed_at is None else None
    base = max(active.ends_on, clock.today(zone)) if active else clock.today(zone)
    cadence = _cadence(started)

    def day(confidence: float) -> date | None:
        try:
            sprints = forecast.sprints_for(history, left, confidence)
        except forecast.NoEndInSight:
            return None
        return base + timedelta(days=cadence * max(0, sprints - (1 if active else 0)))

    return Forecast(left, len(history), day(0.5), day(0.85))


def _cadence(started: Sequence[Told]) -> int:
    """Days from the start of a sprint to that of the next, as this team usually has it."""
    firsts = [told.starts_on for told in started]
    gaps = [(after - before).days for before, after in pairwise(firsts)]
    return max(1, round(median(gaps))) if gaps else USUAL_CADENCE


def _told(row: Sequence[Any]) -> Told:
    """`row` as `_STARTED` gives it; what has no snapshot counts for nothing."""
    start, close, planned_to = row[6:13], row[13:-1], row[-1]
    return Told(
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
        standing_at_start=_standing(start[3:]),
        close_number=close[0],
        items=close[1] or 0,
        points=close[2] or 0,
        done_items=close[3] or 0,
        done_points=close[4] or 0,
        finished_items=close[5] or 0,
        finished_points=close[6] or 0,
        cycle_days=close[7],
        standing_at_close=_standing(close[8:]),
    )


def _standing(counts: Sequence[int | None]) -> Standing | None:
    if counts[0] is None:
        return None
    return Standing(zip(State, (count or 0 for count in counts), strict=True))


def _states(snapshot: Any) -> list[Any]:
    return [getattr(snapshot, state.value) for state in State]


_start, _close = aliased(Snapshot), aliased(Snapshot)
_planned_to = (
    sa.select(AuditEvent.before["ends_on"].as_string())
    .where(AuditEvent.subject_id == Sprint.id, AuditEvent.action == commands.CLOSED.code)
    .order_by(AuditEvent.id)
    .limit(1)
    .correlate(Sprint)
    .scalar_subquery()
)
_STARTED = Once(
    sa.select(
        Sprint.id,
        Sprint.number,
        Sprint.starts_on,
        Sprint.ends_on,
        Sprint.started_at,
        Sprint.closed_at,
        *(_start.event_number, _start.items, _start.points, *_states(_start)),
        *(_close.event_number, _close.items, _close.points),
        *(_close.done_items, _close.done_points, _close.finished_items, _close.finished_points),
        *(_close.cycle_days, *_states(_close)),
        _planned_to,
    )
    .outerjoin(_start, sa.and_(_start.iteration_id == Sprint.id, _start.moment == Moment.START))
    .outerjoin(_close, sa.and_(_close.iteration_id == Sprint.id, _close.moment == Moment.CLOSE))
    .where(Sprint.project_id == sa.bindparam("project"), Sprint.started_at.is_not(None))
    .order_by(Sprint.starts_on.desc(), Sprint.number.desc())
    .limit(sa.bindparam("most"))
)
_START_LINES = Once(
    sa.select(SnapshotItem.item_id, SnapshotItem.state, SnapshotItem.points)
    .join(Snapshot, Snapshot.id == SnapshotItem.snapshot_id)
    .where(Snapshot.iteration_id == sa.bindparam("iteration"), Snapshot.moment == Moment.START)
)
_LATER = Once(
    sa.select(
        ItemEvent.number,
        ItemEvent.created_at,
        ItemEvent.item_id,
        ItemEvent.iteration_id,
        ItemEvent.state,
        ItemEvent.points,
        ItemEvent.gone,
    )
    .where(
        ItemEvent.project_id == sa.bindparam("project"),
        ItemEvent.number > sa.bindparam("after"),
        ItemEvent.number <= sa.bindparam("upto"),
    )
    .order_by(ItemEvent.number)
)

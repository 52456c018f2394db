"""Flow metrics computed from the events of items: burndown, burnup, velocity, median cycle time.

Pure. Each event of the append-only list holds the state of its item afterwards, so sums over items
and over events agree. A closed sprint is read up to the event that closed it, so later events never
change its figures.

Definitions follow the Scrum Guide (2020) and, for flow, Daniel Vacanti's *Actionable Agile Metrics*
(2015): throughput counts finished items, cycle time runs from the first start to the finish.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import mean, median
from uuid import UUID

LEAST_SPRINTS, MOST_SPRINTS = 3, 5  # closed sprints that a velocity averages


class ItemState(StrEnum):
    """The states of an item, in the order of the board."""

    TO_DO = "to_do"
    DOING = "doing"
    BLOCKED = "blocked"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class ItemFlowEvent:
    """The state of an item after the `number`-th event of its project, counted from 1."""

    number: int
    at: datetime
    item: UUID
    sprint: UUID | None  # None: in the backlog
    state: ItemState
    points: int | None  # None: not estimated
    is_dropped: bool = False


Measure = Callable[[ItemFlowEvent], int]


def measure_points(event: ItemFlowEvent) -> int:
    """Points; 0 for an item without estimate."""
    return event.points or 0


def measure_as_one_item(_event: ItemFlowEvent) -> int:
    """1 for each item."""
    return 1


@dataclass(frozen=True, slots=True)
class SprintEventRange:
    """The events of a sprint: the last event number before its start, and before its close."""

    sprint: UUID
    start_number: int
    close_number: int | None = None  # None: still active


@dataclass(frozen=True, slots=True)
class BurndownPoint:
    """A sprint at one moment, in points or items.

    `scope = completed + remaining = committed + added - removed`, with the scope of the first point
    as committed.
    """

    at: datetime
    scope: int
    completed: int
    added: int
    removed: int

    @property
    def remaining(self) -> int:
        return self.scope - self.completed


@dataclass(frozen=True, slots=True)
class Velocity:
    """Mean and range of what the last `n` closed sprints finished."""

    n: int
    mean: float
    least: int
    most: int


def _is_in_scope(event: ItemFlowEvent | None, sprint: UUID) -> bool:
    return event is not None and event.sprint == sprint and not event.is_dropped


def _iterate_events_up_to(events: Iterable[ItemFlowEvent], up_to: int | None) -> Iterator[ItemFlowEvent]:
    return (event for event in events if up_to is None or event.number <= up_to)


def map_latest_events_by_item(
    events: Iterable[ItemFlowEvent], up_to: int | None = None
) -> dict[UUID, ItemFlowEvent]:
    """The last event of each item up to number `up_to` (None: all), dropped items included."""
    return {event.item: event for event in _iterate_events_up_to(events, up_to)}


def list_scope_events(
    events: Iterable[ItemFlowEvent], sprint: UUID, up_to: int | None = None
) -> list[ItemFlowEvent]:
    """The last event of each item in the scope of a sprint at that time."""
    latest = map_latest_events_by_item(events, up_to).values()
    return [event for event in latest if _is_in_scope(event, sprint)]


def compute_burndown(
    events: Sequence[ItemFlowEvent], frame: SprintEventRange, moments: Sequence[datetime], measure: Measure
) -> list[BurndownPoint]:
    """The sprint at its start, then at each moment (ascending).

    A burnup reads `completed` and `scope` of the same points.
    """
    scope = {e.item: e for e in list_scope_events(events, frame.sprint, frame.start_number)}
    total = sum(map(measure, scope.values()))
    completed = sum(measure(e) for e in scope.values() if e.state is ItemState.DONE)
    added = removed = 0
    later = [e for e in _iterate_events_up_to(events, frame.close_number) if e.number > frame.start_number]
    started_at = max((e.at for e in _iterate_events_up_to(events, frame.start_number)), default=None)
    points = [BurndownPoint(started_at or moments[0], total, completed, 0, 0)] if moments else []
    waiting = iter(later)
    event = next(waiting, None)
    for moment in moments:
        while event is not None and event.at <= moment:
            before = scope.pop(event.item, None)
            old, old_done = _measure_scope_and_completed(before, measure)
            new, new_done = 0, 0
            if _is_in_scope(event, frame.sprint):
                scope[event.item] = event
                new, new_done = _measure_scope_and_completed(event, measure)
            total += new - old
            completed += new_done - old_done
            added += max(0, new - old)
            removed += max(0, old - new)
            event = next(waiting, None)
        points.append(BurndownPoint(moment, total, completed, added, removed))
    return points


def _measure_scope_and_completed(event: ItemFlowEvent | None, measure: Measure) -> tuple[int, int]:
    """The measure of an item in the scope, and in the completed work."""
    if event is None:
        return 0, 0
    weight = measure(event)
    return weight, weight if event.state is ItemState.DONE else 0


def compute_velocity(finished_by_sprint: Sequence[int]) -> Velocity | None:
    """The velocity of the last three to five sprints (oldest first); None under three."""
    last = finished_by_sprint[-MOST_SPRINTS:]
    if len(last) < LEAST_SPRINTS:
        return None
    return Velocity(len(last), mean(last), min(last), max(last))


def compute_median_days(times: Iterable[timedelta]) -> float | None:
    """The median, in days; None without any."""
    days = [time / timedelta(days=1) for time in times]
    return median(days) if days else None

"""What happened to the items, as figures: burndown, burnup, flow, velocity, carry-over, cycle time.

Pure. Everything is computed from one append-only list of events, each of which says how its item
stands afterwards; so the sum over items and the sum over events cannot differ. A closed sprint is
read up to the event that closed it: what happens later never changes its figures.

Definitions follow the Scrum Guide (2020) and, for flow, Daniel Vacanti's *Actionable Agile Metrics*
(2015): throughput counts finished items, cycle time runs from the first start to the finish.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import mean, median
from uuid import UUID

LEAST_SPRINTS, MOST_SPRINTS = 3, 5  # how many closed sprints a velocity is made of


class ItemState(StrEnum):
    TO_DO = "to_do"
    DOING = "doing"
    BLOCKED = "blocked"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Event:
    """How an item stands after the `number`-th event of its project, from 1."""

    number: int
    at: datetime
    item: UUID
    sprint: UUID | None  # None: in the project's backlog
    state: ItemState
    points: int | None  # None: not estimated
    is_dropped: bool = False  # taken out of the project's work


Measure = Callable[[Event], int]


def count_points(event: Event) -> int:
    """Points; an item that is not estimated counts for none."""
    return event.points or 0


def count_items(_event: Event) -> int:
    """Items, whatever their size."""
    return 1


@dataclass(frozen=True, slots=True)
class SprintEventRange:
    """A sprint in the list of events: the last number before its start, and before its close."""

    sprint: UUID
    start_number: int
    close_number: int | None = None  # None: still active


@dataclass(frozen=True, slots=True)
class BurndownPoint:
    """A sprint at one moment, in the measure chosen.

    `scope = completed + remaining = committed + added - removed`, where what was committed is the scope
    of the first point.
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
    """What the last closed sprints finished: the mean and the range of `n` of them."""

    n: int
    mean: float
    least: int
    most: int


def _in_scope(event: Event | None, sprint: UUID) -> bool:
    return event is not None and event.sprint == sprint and not event.is_dropped


def _events_up_to(events: Iterable[Event], up_to: int | None) -> Iterator[Event]:
    return (event for event in events if up_to is None or event.number <= up_to)


def latest_event_by_item(events: Iterable[Event], up_to: int | None = None) -> dict[UUID, Event]:
    """How each item stood after event `up_to` (None: now), those that are gone included."""
    return {event.item: event for event in _events_up_to(events, up_to)}


def list_scope_events(
    events: Iterable[Event], sprint: UUID, up_to: int | None = None
) -> list[Event]:
    """How each item that was in a sprint's scope stood then."""
    return [
        each for each in latest_event_by_item(events, up_to).values() if _in_scope(each, sprint)
    ]


def burndown(
    events: Sequence[Event], frame: SprintEventRange, moments: Sequence[datetime], measure: Measure
) -> list[BurndownPoint]:
    """The sprint at its start, then at each moment (ascending).

    Burnup reads the same points: `completed` against `scope`.
    """
    scope = {e.item: e for e in list_scope_events(events, frame.sprint, frame.start_number)}
    total = sum(map(measure, scope.values()))
    completed = sum(measure(e) for e in scope.values() if e.state is ItemState.DONE)
    added = removed = 0
    later = [e for e in _events_up_to(events, frame.close_number) if e.number > frame.start_number]
    started_at = max((e.at for e in _events_up_to(events, frame.start_number)), default=None)
    points = [BurndownPoint(started_at or moments[0], total, completed, 0, 0)] if moments else []
    waiting = iter(later)
    event = next(waiting, None)
    for moment in moments:
        while event is not None and event.at <= moment:
            before = scope.pop(event.item, None)
            old, old_done = _measure_item(before, measure)
            new, new_done = 0, 0
            if _in_scope(event, frame.sprint):
                scope[event.item] = event
                new, new_done = _measure_item(event, measure)
            total += new - old
            completed += new_done - old_done
            added += max(0, new - old)
            removed += max(0, old - new)
            event = next(waiting, None)
        points.append(BurndownPoint(moment, total, completed, added, removed))
    return points


def _measure_item(event: Event | None, measure: Measure) -> tuple[int, int]:
    """What an item counts for in the scope, and among what is done."""
    if event is None:
        return 0, 0
    weight = measure(event)
    return weight, weight if event.state is ItemState.DONE else 0


def cumulative_flow(
    events: Sequence[Event], moments: Sequence[datetime]
) -> list[tuple[datetime, Mapping[ItemState, int]]]:
    """How many items of the project stood in each state at each moment (ascending)."""
    now: dict[UUID, ItemState] = {}
    flow: list[tuple[datetime, Mapping[ItemState, int]]] = []
    waiting = iter(events)
    event = next(waiting, None)
    for moment in moments:
        while event is not None and event.at <= moment:
            now.pop(event.item, None)
            if not event.is_dropped:
                now[event.item] = event.state
            event = next(waiting, None)
        counted = Counter(now.values())
        flow.append((moment, {state: counted[state] for state in ItemState}))
    return flow


def count_finished(events: Sequence[Event], frame: SprintEventRange, measure: Measure) -> int:
    """What a sprint finished: done at its close (or now), and not yet at its start."""
    before = {
        e.item
        for e in list_scope_events(events, frame.sprint, frame.start_number)
        if e.state is ItemState.DONE
    }
    return sum(
        measure(e)
        for e in list_scope_events(events, frame.sprint, frame.close_number)
        if e.state is ItemState.DONE and e.item not in before
    )


def carry_over_rate(
    events: Sequence[Event], frame: SprintEventRange, measure: Measure
) -> float | None:
    """The part of a sprint's scope that was not done at its close, 0 to 1; None without scope."""
    scope = list_scope_events(events, frame.sprint, frame.close_number)
    total = sum(map(measure, scope))
    left = sum(measure(e) for e in scope if e.state is not ItemState.DONE)
    return left / total if total else None


def velocity(finished_by_sprint: Sequence[int]) -> Velocity | None:
    """Of the last three to five closed sprints, oldest first; None under three."""
    last = finished_by_sprint[-MOST_SPRINTS:]
    if len(last) < LEAST_SPRINTS:
        return None
    return Velocity(len(last), mean(last), min(last), max(last))


def cycle_times(events: Iterable[Event]) -> dict[UUID, timedelta]:
    """From the first start of each finished item to its last finish.

    An item that went straight to done started when it was done. One that was taken up again is
    finished no more.
    """
    started: dict[UUID, datetime] = {}
    ended: dict[UUID, datetime] = {}
    for event in events:
        if event.is_dropped or event.state is not ItemState.DONE:
            ended.pop(event.item, None)
        if event.state is not ItemState.TO_DO:
            started.setdefault(event.item, event.at)
        if event.state is ItemState.DONE and not event.is_dropped:
            ended.setdefault(event.item, event.at)
    return {item: at - started[item] for item, at in ended.items()}


def median_days(times: Iterable[timedelta]) -> float | None:
    """The median, in days; None without any."""
    days = [time / timedelta(days=1) for time in times]
    return median(days) if days else None

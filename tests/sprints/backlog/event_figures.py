"""Figures computed from the events in the database: the oracle for what snapshots store."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from portal.platform.kernel.database import db
from portal.sprints.backlog.flow_rules import (
    ItemFlowEvent,
    ItemState,
    Measure,
    SprintEventRange,
    list_scope_events,
)
from portal.sprints.backlog.models import ItemEvent, Snapshot, SnapshotMoment


def events_of(project) -> list[ItemFlowEvent]:
    project_events = sa.select(ItemEvent).where(ItemEvent.project_id == project.id)
    return [
        ItemFlowEvent(e.number, e.created_at, e.item_id, e.iteration_id, e.state, e.points, e.is_dropped)
        for e in db.session.scalars(project_events.order_by(ItemEvent.number))
    ]


def snapshot_of(sprint, moment: SnapshotMoment) -> Snapshot:
    matching = sa.select(Snapshot).where(Snapshot.iteration_id == sprint.id, Snapshot.moment == moment)
    return db.session.scalars(matching).one()


def frame_of(sprint) -> SprintEventRange:
    start, close = (snapshot_of(sprint, moment) for moment in SnapshotMoment)
    return SprintEventRange(sprint.id, start.event_number, close.event_number)


def count_finished(events: Sequence[ItemFlowEvent], frame: SprintEventRange, measure: Measure) -> int:
    """The measure of items done at the close of a sprint (or now) and not at its start."""
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


def cycle_times(events: Iterable[ItemFlowEvent]) -> dict[UUID, timedelta]:
    """The time from the first start of each finished item to its last finish.

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

"""What the database holds, as the calculator takes it."""

import sqlalchemy as sa

from portal.platform.kernel.database import db
from portal.sprints.backlog.flow_rules import Event, SprintEventRange
from portal.sprints.backlog.models import ItemEvent, Snapshot, SnapshotMoment


def events_of(project) -> list[Event]:
    mine = sa.select(ItemEvent).where(ItemEvent.project_id == project.id)
    return [
        Event(e.number, e.created_at, e.item_id, e.iteration_id, e.state, e.points, e.is_dropped)
        for e in db.session.scalars(mine.order_by(ItemEvent.number))
    ]


def snapshot_of(sprint, moment: SnapshotMoment) -> Snapshot:
    one = sa.select(Snapshot).where(Snapshot.iteration_id == sprint.id, Snapshot.moment == moment)
    return db.session.scalars(one).one()


def frame_of(sprint) -> SprintEventRange:
    start, close = (snapshot_of(sprint, moment) for moment in SnapshotMoment)
    return SprintEventRange(sprint.id, start.event_number, close.event_number)

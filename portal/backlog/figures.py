"""Snapshots: a sprint's scope frozen at its start and at its close, with the figures it gives.

What pages show of closed sprints is read from here; nothing is counted over all items.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from portal.backlog import flow
from portal.backlog.flow import State
from portal.backlog.models import Item, Iteration, Moment, Snapshot, SnapshotItem, Spill
from portal.kernel.db import db, rows, save
from portal.kernel.statements import Once


def take_snapshot(
    iteration: Iteration, moment: Moment, last: int, spills: Mapping[UUID, Spill] | None = None
) -> None:
    """Keep the scope as it stands; `last` is the project's last event.

    `spills` says, by its id, what becomes of each item that a close found open.
    """
    save()
    scope = _scope(iteration.id)
    done = [item for item in scope if item.state is State.DONE]
    finished = _finished(iteration.id, done) if moment is Moment.CLOSE else []
    standing = count_states(iteration.project_id)
    snapshot = Snapshot(
        created_at=iteration.closed_at or iteration.started_at,
        iteration_id=iteration.id,
        moment=moment,
        event_number=last,
        items=len(scope),
        points=_points(scope),
        done_items=len(done),
        done_points=_points(done),
        finished_items=len(finished),
        finished_points=_points(finished),
        cycle_days=flow.median_days(_times(finished)),
        **{state.value: standing[state] for state in State},
    )
    db.session.add(snapshot)
    save()
    db.session.add_all(
        SnapshotItem(
            snapshot_id=snapshot.id,
            item_id=item.id,
            title=item.title,
            points=item.points,
            state=item.state,
            spill=(spills or {}).get(item.id),
        )
        for item in scope
    )
    save()


def count_states(project_id: UUID) -> dict[State, int]:
    """How many items of a project stand in each state; those that are gone do not."""
    counted = dict.fromkeys(State, 0)
    for state, number in rows(_STATES, {"project": project_id}):
        counted[state] = number
    return counted


_STATES = Once(
    sa.select(Item.state, sa.func.count())
    .where(Item.project_id == sa.bindparam("project"), Item.gone_at.is_(None))
    .group_by(Item.state)
)


def _scope(iteration_id: UUID) -> Sequence[Item]:
    mine = sa.select(Item).where(Item.iteration_id == iteration_id, Item.gone_at.is_(None))
    return db.session.scalars(mine.order_by(Item.rank, Item.id)).all()


def _finished(iteration_id: UUID, done: Iterable[Item]) -> list[Item]:
    """What was not yet done when the sprint began."""
    before = set(
        db.session.scalars(
            sa.select(SnapshotItem.item_id)
            .join(Snapshot, Snapshot.id == SnapshotItem.snapshot_id)
            .where(Snapshot.iteration_id == iteration_id, Snapshot.moment == Moment.START)
            .where(SnapshotItem.state == State.DONE)
        )
    )
    return [item for item in done if item.id not in before]


def _points(items: Iterable[Item]) -> int:
    return sum(item.points or 0 for item in items)


def _times(items: Iterable[Item]) -> list[timedelta]:
    return [item.done_at - item.started_at for item in items if item.done_at and item.started_at]

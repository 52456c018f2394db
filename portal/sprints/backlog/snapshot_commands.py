"""Snapshots: a sprint's scope frozen at its start and at its close, with the figures it gives.

What pages show of closed sprints is read from here; nothing is counted over all items.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from portal.platform.kernel.database import db, fetch_rows, flush_session
from portal.platform.kernel.prepared_statements import PreparedStatement
from portal.sprints.backlog import flow_rules
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.models import (
    Item,
    Iteration,
    Snapshot,
    SnapshotItem,
    SnapshotMoment,
    Spill,
)


def take_snapshot(
    iteration: Iteration,
    moment: SnapshotMoment,
    last: int,
    spills: Mapping[UUID, Spill] | None = None,
) -> None:
    """Keep the scope as it stands; `last` is the project's last event.

    `spills` says, by its id, what becomes of each item that a close found open.
    """
    flush_session()
    scope = _list_scope_items(iteration.id)
    done_items = [item for item in scope if item.state is ItemState.DONE]
    finished = (
        _list_finished_items(iteration.id, done_items) if moment is SnapshotMoment.CLOSE else []
    )
    standing = count_states(iteration.project_id)
    snapshot = Snapshot(
        created_at=iteration.closed_at or iteration.started_at,
        iteration_id=iteration.id,
        moment=moment,
        event_number=last,
        items=len(scope),
        points=_sum_points(scope),
        done_items=len(done_items),
        done_points=_sum_points(done_items),
        finished_items=len(finished),
        finished_points=_sum_points(finished),
        cycle_days=flow_rules.median_days(_cycle_times(finished)),
        **{state.value: standing[state] for state in ItemState},
    )
    db.session.add(snapshot)
    flush_session()
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
    flush_session()


def count_states(project_id: UUID) -> dict[ItemState, int]:
    """How many items of a project stand in each state; those that are gone do not."""
    counted = dict.fromkeys(ItemState, 0)
    for state, number in fetch_rows(_COUNT_BY_STATE, {"project": project_id}):
        counted[state] = number
    return counted


_COUNT_BY_STATE = PreparedStatement(
    sa.select(Item.state, sa.func.count())
    .where(Item.project_id == sa.bindparam("project"), Item.gone_at.is_(None))
    .group_by(Item.state)
)


def _list_scope_items(iteration_id: UUID) -> Sequence[Item]:
    iteration_items = sa.select(Item).where(
        Item.iteration_id == iteration_id, Item.gone_at.is_(None)
    )
    return db.session.scalars(iteration_items.order_by(Item.rank, Item.id)).all()


def _list_finished_items(iteration_id: UUID, done_items: Iterable[Item]) -> list[Item]:
    """What was not yet done when the sprint began."""
    before = set(
        db.session.scalars(
            sa.select(SnapshotItem.item_id)
            .join(Snapshot, Snapshot.id == SnapshotItem.snapshot_id)
            .where(Snapshot.iteration_id == iteration_id, Snapshot.moment == SnapshotMoment.START)
            .where(SnapshotItem.state == ItemState.DONE)
        )
    )
    return [item for item in done_items if item.id not in before]


def _sum_points(items: Iterable[Item]) -> int:
    return sum(item.points or 0 for item in items)


def _cycle_times(items: Iterable[Item]) -> list[timedelta]:
    return [item.done_at - item.started_at for item in items if item.done_at and item.started_at]

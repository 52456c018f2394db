"""Snapshots: a sprint's scope and figures, saved at its start and at its close.

Pages read the figures of closed sprints from them instead of counting items.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from portal.platform.kernel.database import db, flush_session
from portal.sprints.backlog import flow_rules
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.models import Item, Iteration, Snapshot, SnapshotItem, SnapshotMoment, SpillTarget
from portal.sprints.backlog.queries import count_items_by_state, current_snapshot_condition


def take_snapshot(
    iteration: Iteration, moment: SnapshotMoment, last: int, spills: Mapping[UUID, SpillTarget] | None = None
) -> None:
    """Save the current scope; `last` is the number of the project's last event.

    `spills` says by item id where each open item goes at a close.
    """
    flush_session()
    scope = _list_scope_items(iteration.id)
    done_items = [item for item in scope if item.state is ItemState.DONE]
    done_during_sprint = (
        _list_finished_items(iteration.id, done_items) if moment is SnapshotMoment.CLOSE else []
    )
    standing = count_items_by_state(iteration.project_id)
    snapshot = Snapshot(
        created_at=iteration.closed_at or iteration.started_at,
        iteration_id=iteration.id,
        moment=moment,
        event_number=last,
        items=len(scope),
        points=_sum_points(scope),
        done_items=len(done_items),
        done_points=_sum_points(done_items),
        finished_items=len(done_during_sprint),
        finished_points=_sum_points(done_during_sprint),
        cycle_days=flow_rules.compute_median_days(_list_cycle_times(done_during_sprint)),
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


def _list_scope_items(iteration_id: UUID) -> Sequence[Item]:
    iteration_items = sa.select(Item).where(Item.iteration_id == iteration_id, Item.gone_at.is_(None))
    return db.session.scalars(iteration_items.order_by(Item.rank, Item.id)).all()


def _list_finished_items(iteration_id: UUID, done_items: Iterable[Item]) -> list[Item]:
    """Those of the done items that were not done at the start of the sprint."""
    before = set(
        db.session.scalars(
            sa.select(SnapshotItem.item_id)
            .join(Snapshot, Snapshot.id == SnapshotItem.snapshot_id)
            .join(Iteration, current_snapshot_condition(Snapshot, Iteration, SnapshotMoment.START))
            .where(Iteration.id == iteration_id, SnapshotItem.state == ItemState.DONE)
        )
    )
    return [item for item in done_items if item.id not in before]


def _sum_points(items: Iterable[Item]) -> int:
    return sum(item.points or 0 for item in items)


def _list_cycle_times(items: Iterable[Item]) -> list[timedelta]:
    return [item.done_at - item.started_at for item in items if item.done_at and item.started_at]

"""Commands on iterations, called by the feature `sprints`: open, withdraw, start, close.

The caller has checked the permission. Each command locks the project through the journal, so that
snapshots and events have one order.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa

from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, flush_session
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.project.projects.models import Project
from portal.sprints.backlog import order_commands, queries, snapshot_commands
from portal.sprints.backlog.journal_commands import ItemEventJournal
from portal.sprints.backlog.models import Item, ItemEventKind, Iteration, SnapshotMoment, SpillTarget
from portal.sprints.backlog.move_commands import set_item_iteration_unaudited


def add_iteration(project_id: UUID, id_: UUID, number: int) -> Iteration:
    """Add the iteration of a planned sprint, with the same id."""
    iteration = Iteration(id=id_, project_id=project_id, number=number)
    db.session.add(iteration)
    flush_session()
    return iteration


def withdraw_iteration(actor: Actor, project: Project, id_: UUID) -> None:
    """Withdraw the iteration of a deleted plan; its items go on top of the backlog."""
    journal = ItemEventJournal(actor, project)
    iteration = queries.get_iteration(id_)
    items = queries.list_open_items(id_)
    for item in items:
        set_item_iteration_unaudited(item, None)
    order_commands.rank_items_first_or_last(project.id, items, on_top=True)
    journal.add_events(ItemEventKind.RETURNED, items)
    iteration.withdrawn_at = journal.at


def start_iteration(actor: Actor, project: Project, id_: UUID) -> None:
    """Start an iteration and take the snapshot of its scope."""
    journal = ItemEventJournal(actor, project)
    iteration = queries.get_iteration(id_)
    iteration.started_at = journal.at
    snapshot_commands.take_snapshot(iteration, SnapshotMoment.START, journal.last)


def undo_iteration_start(actor: Actor, project: Project, id_: UUID) -> None:
    """Make a started iteration a planned one again; its snapshot counts no more."""
    ItemEventJournal(actor, project)
    queries.get_iteration(id_).started_at = None


def close_iteration(
    actor: Actor, project: Project, id_: UUID, spills: Mapping[int, SpillTarget] | None = None
) -> None:
    """Close an iteration: take the snapshot of its scope, then move its open items.

    `spills` says by item number where an open item goes; by default it moves on to the next planned
    sprint, or waits for it on top of the backlog.
    """
    journal = ItemEventJournal(actor, project)
    iteration = queries.get_iteration(id_)
    iteration.closed_at = journal.at
    left = queries.list_open_items(id_)
    spill_by_item = {item.id: (spills or {}).get(item.number, SpillTarget.MOVED_ON) for item in left}
    snapshot_commands.take_snapshot(iteration, SnapshotMoment.CLOSE, journal.last, spill_by_item)
    _spill_items(journal, project, left, spill_by_item)


def _spill_items(
    journal: ItemEventJournal,
    project: Project,
    left: Sequence[Item],
    spill_by_item: Mapping[UUID, SpillTarget],
) -> None:
    following = queries.find_next_planned_iteration(project)
    moved, to_backlog, dropped = (
        [item for item in left if spill_by_item[item.id] is spill]
        for spill in (SpillTarget.MOVED_ON, SpillTarget.TO_BACKLOG, SpillTarget.DROPPED)
    )
    for item in [*moved, *to_backlog]:
        set_item_iteration_unaudited(item, following if item in moved else None)
    for item in dropped:
        item.gone_at, item.spill = journal.at, None
    returned = to_backlog if following else [*moved, *to_backlog]
    order_commands.rank_items_first_or_last(project.id, returned, on_top=True)
    if not following:
        for item in moved:
            item.spill = SpillTarget.MOVED_ON  # proposed first when the next sprint is planned
    journal.add_events(ItemEventKind.PLANNED if following else ItemEventKind.RETURNED, moved)
    journal.add_events(ItemEventKind.RETURNED, to_backlog)
    journal.add_events(ItemEventKind.DROPPED, dropped)


def has_spilled_item_changed_since_close(id_: UUID) -> bool:
    """Whether somebody changed an item that the close of an iteration moved."""
    items = [item for item, _state in queries.list_spilled_items(id_)]
    return queries.have_items_changed_since(items, queries.get_close_event_number(id_) + len(items))


def reopen_iteration(actor: Actor, project: Project, id_: UUID) -> None:
    """Undo a close: the items that it moved come back as they were.

    Raises `RuleBroken` once somebody changed one of them.
    """
    if has_spilled_item_changed_since_close(id_):
        raise RuleBroken(None, _("Des éléments ont changé depuis la clôture : elle ne s’annule plus."))
    journal = ItemEventJournal(actor, project)
    iteration = queries.get_iteration(id_)
    spilled = queries.list_spilled_items(id_)
    items = [item for item, _state in spilled]
    dropped = [item for item in items if item.gone_at is not None]
    for item, state in spilled:
        item.iteration_id, item.state = id_, state
        item.gone_at = item.spill = None
    iteration.closed_at = None
    journal.add_events(ItemEventKind.TAKEN_BACK, dropped)
    journal.add_events(ItemEventKind.PLANNED, [item for item in items if item not in dropped])


def save_draft_spills(id_: UUID, spills: Mapping[int, SpillTarget]) -> None:
    """Save where a draft of the close sends each open item. Versions of items do not change."""
    flush_session()
    for number, spill in spills.items():
        still = Item.iteration_id == id_, Item.number == number, Item.done_at.is_(None)
        db.session.execute(sa.update(Item).where(*still).values(spill=spill))

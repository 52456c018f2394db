"""What the floor of sprints tells the backlog: a sprint is planned, begins, ends, is taken back.

The caller has asked who may do it. Each holds the project, so that a snapshot and the events around
it have one order.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa

from portal.backlog import figures, order, queries
from portal.backlog.journal import Journal
from portal.backlog.models import Deed, Item, Iteration, Moment, Spill
from portal.backlog.moves import put
from portal.kernel.access import Actor
from portal.kernel.db import db, save
from portal.projects.models import Project


def open_iteration(project_id: UUID, id_: UUID, number: int) -> Iteration:
    """For a sprint that is being planned, under its key."""
    iteration = Iteration(id=id_, project_id=project_id, number=number)
    db.session.add(iteration)
    save()
    return iteration


def withdraw(actor: Actor, project: Project, id_: UUID) -> None:
    """A plan is taken back: what was in it is first in the backlog again."""
    journal = Journal(actor, project)
    iteration = queries.get_iteration(id_)
    items = queries.list_open_items(id_)
    for item in items:
        put(item, None)
    order.put_at_end(project.id, items, on_top=True)
    journal.write(Deed.RETURNED, items)
    iteration.withdrawn_at = journal.at


def start(actor: Actor, project: Project, id_: UUID) -> None:
    """Freeze the scope as it is now."""
    journal = Journal(actor, project)
    iteration = queries.get_iteration(id_)
    iteration.started_at = journal.at
    figures.take_snapshot(iteration, Moment.START, journal.last)


def close(
    actor: Actor,
    project: Project,
    id_: UUID,
    spills: Mapping[int, Spill] | None = None,
) -> None:
    """Freeze the scope, then let what is open spill over as `spills` says, by the item's number.

    What it does not name moves on. Without a next sprint planned, what moves on waits for it,
    first in the backlog.
    """
    journal = Journal(actor, project)
    iteration = queries.get_iteration(id_)
    iteration.closed_at = journal.at
    left = queries.list_open_items(id_)
    chosen = {item.id: (spills or {}).get(item.number, Spill.MOVED_ON) for item in left}
    figures.take_snapshot(iteration, Moment.CLOSE, journal.last, chosen)
    _spill(journal, project, left, chosen)


def _spill(
    journal: Journal, project: Project, left: Sequence[Item], chosen: Mapping[UUID, Spill]
) -> None:
    following = queries.find_next_planned(project)
    moved, kept, dropped = (
        [item for item in left if chosen[item.id] is spill]
        for spill in (Spill.MOVED_ON, Spill.KEPT, Spill.DROPPED)
    )
    for item in [*moved, *kept]:
        put(item, following if item in moved else None)
    for item in dropped:
        item.gone_at, item.spill = journal.at, None
    returned = kept if following else [*moved, *kept]
    order.put_at_end(project.id, returned, on_top=True)
    if not following:
        for item in moved:
            item.spill = Spill.MOVED_ON  # proposed first when the next sprint is planned
    journal.write(Deed.PLANNED if following else Deed.RETURNED, moved)
    journal.write(Deed.RETURNED, kept)
    journal.write(Deed.DROPPED, dropped)


def draft_spills(id_: UUID, spills: Mapping[int, Spill]) -> None:
    """Keep what a draft of the close says of each open item. Nobody's save of it goes stale."""
    save()
    for number, spill in spills.items():
        still = Item.iteration_id == id_, Item.number == number, Item.done_at.is_(None)
        db.session.execute(sa.update(Item).where(*still).values(spill=spill))

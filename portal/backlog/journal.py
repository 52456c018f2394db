"""Writing down what happens to items: an event each, in one order for the whole project."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from portal.backlog.models import Deed, Item, ItemEvent
from portal.kernel import audit, clock
from portal.kernel.access import Actor
from portal.kernel.db import check_version, db, lock_row, save
from portal.projects.models import Project

# Of no interest to someone who reads what a save changed.
PLUMBING = frozenset(
    {
        "id",
        "created_at",
        "project_id",
        "discussion_id",
        "number",
        "rank",
        "title_fold",
        "started_at",
        "done_at",
        "gone_at",
        "spill",
    }
)


@dataclass(frozen=True)
class Seen:
    """An item, and the version of it that somebody read before acting."""

    item: Item
    version: int


class Journal:
    """The events of a project, held from here to the end of the transaction.

    Whoever changes its items waits for the one before, so that numbers and ranks are given once.
    """

    def __init__(self, actor: Actor, project: Project) -> None:
        lock_row(Project, project.id)
        self.actor = actor
        self.project_id = project.id
        self.last = last_number(project.id)
        self.at = clock.now()  # once held, so that moments follow the numbers

    def hold(self, seen: Seen) -> Item:
        """See what whoever came before left. Raises `Conflict` when it is not what was read."""
        db.session.refresh(seen.item)
        check_version(seen.item, seen.version)
        return seen.item

    def hold_again(self, item: Item) -> None:
        """See how another item stands by now."""
        db.session.refresh(item)

    def write(self, deed: Deed, items: Iterable[Item]) -> None:
        """An event for each item, as it stands now."""
        save()
        for item in items:
            self.last += 1
            db.session.add(_event(self, deed, item))

    def record(self, action: audit.Action, item: Item, changes: audit.Changes) -> None:
        """The same deed in the trail of everything, for an item alone."""
        facts = {"name": item.title}
        audit.record(
            self.actor, action, item, scope_id=self.project_id, facts=facts, changes=changes
        )

    def record_several(
        self, action: audit.Action, project: Project, items: Iterable[Item], number: int
    ) -> None:
        """One line for a deed upon several items; `number` is what its sentence tells."""
        touched = [item.number for item in items]
        audit.record(
            self.actor,
            action,
            project,
            scope_id=self.project_id,
            facts={"number": number},
            changes={"items": (None, touched)},
        )


def last_number(project_id: UUID) -> int:
    """Of the project's events; 0 before any."""
    last = sa.select(sa.func.max(ItemEvent.number)).where(ItemEvent.project_id == project_id)
    return db.session.scalar(last) or 0


def changes_of(item: Item) -> audit.Changes:
    """Ask before the change is written."""
    return audit.changes_of(item, leave_out=PLUMBING)


def _event(journal: Journal, deed: Deed, item: Item) -> ItemEvent:
    return ItemEvent(
        created_at=journal.at,
        project_id=item.project_id,
        number=journal.last,
        item_id=item.id,
        actor_id=journal.actor.person_id,
        deed=deed,
        iteration_id=item.iteration_id,
        state=item.state,
        points=item.points,
        gone=item.gone_at is not None,
        title=item.title,
        assignee_id=item.assignee_id,
        reason=item.block_reason,
    )

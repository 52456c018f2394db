"""The journal: an event for each change of an item, numbered per project."""

from collections.abc import Iterable
from dataclasses import dataclass

from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import check_version, db, flush_session, lock_row, reload_row
from portal.project.projects.models import Project
from portal.sprints.backlog.models import Item, ItemEvent, ItemEventKind
from portal.sprints.backlog.queries import get_last_event_number

# Columns that `read_pending_audit_changes` leaves out.
INTERNAL_FIELDS = frozenset(
    {"id", "created_at", "project_id", "discussion_id", "number", "rank", "title_fold"}
    | {"started_at", "done_at", "gone_at", "spill"}
)


@dataclass(frozen=True)
class ItemAtVersion:
    """An item, and the version that the person read before acting."""

    item: Item
    version: int


class ItemEventJournal:
    """The events of a project. Locks the project until the end of the transaction.

    Commands on items wait for one another, so that numbers of events and items are unique.
    """

    def __init__(self, actor: Actor, project: Project) -> None:
        lock_row(Project, project.id)
        self.actor = actor
        self.project_id = project.id
        self.last = get_last_event_number(project.id)
        self.at = clock.now()  # after the lock, so that times follow the numbers

    def lock_item(self, item_at_version: ItemAtVersion) -> Item:
        """Refresh an item. Raises `Conflict` when its version is not the one that was read."""
        reload_row(item_at_version.item)
        check_version(item_at_version.item, item_at_version.version)
        return item_at_version.item

    def refresh_item(self, item: Item) -> None:
        """Refresh another item, whatever its version."""
        reload_row(item)

    def add_events(self, kind: ItemEventKind, items: Iterable[Item]) -> None:
        """Append an event for each item, with its current values."""
        flush_session()
        for item in items:
            self.last += 1
            db.session.add(_make_event(self, kind, item))

    def record_item_event(
        self, kind: ItemEventKind, action: audit.Action, item: Item, changes: audit.Changes | None = None
    ) -> None:
        """Append the event of one item and its audit line, by default with its pending changes."""
        changes = read_pending_audit_changes(item) if changes is None else changes
        self.add_events(kind, [item])
        self.record_audit(action, item, changes)

    def record_audit(self, action: audit.Action, item: Item, changes: audit.Changes) -> None:
        """Record the change of one item in the audit trail."""
        facts = {"name": item.title}
        audit.record(self.actor, action, item, scope_id=self.project_id, facts=facts, changes=changes)

    def record_bulk_audit(
        self, action: audit.Action, project: Project, items: Iterable[Item], number: int
    ) -> None:
        """Record one audit line for several items; `number` fills its sentence."""
        touched = [item.number for item in items]
        audit.record(
            self.actor,
            action,
            project,
            scope_id=self.project_id,
            facts={"number": number},
            changes={"items": (None, touched)},
        )


def read_pending_audit_changes(item: Item) -> audit.Changes:
    """The pending changes of an item for the audit trail. Call before the flush."""
    return audit.changes_of(item, leave_out=INTERNAL_FIELDS)


def _make_event(journal: ItemEventJournal, kind: ItemEventKind, item: Item) -> ItemEvent:
    return ItemEvent(
        created_at=journal.at,
        project_id=item.project_id,
        number=journal.last,
        item_id=item.id,
        actor_id=journal.actor.person_id,
        kind=kind,
        iteration_id=item.iteration_id,
        state=item.state,
        points=item.points,
        is_dropped=item.gone_at is not None,
        title=item.title,
        assignee_id=item.assignee_id,
        reason=item.block_reason,
    )

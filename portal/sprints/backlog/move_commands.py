"""Commands that move items: change their order, plan them in a sprint, return them."""

from collections.abc import Sequence

from portal.platform.kernel import audit
from portal.platform.kernel.access import Actor
from portal.platform.kernel.errors import Conflict
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.sprints.backlog import order_commands, policy
from portal.sprints.backlog.commands import (
    require_open_target,
    require_team_and_still_allowed,
    require_to_move,
)
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.journal_commands import (
    ItemAtVersion,
    ItemEventJournal,
    read_pending_audit_changes,
)
from portal.sprints.backlog.models import Item, ItemEventKind, Iteration
from portal.sprints.backlog.order_commands import ItemPosition

PLANNED = audit.Action("item.planned", _l("a pris « %(name)s » dans un sprint"))
PLANNED_SEVERAL = audit.Action("item.planned_several", _l("a pris des éléments dans le sprint %(number)s"))
RETURNED = audit.Action("item.returned", _l("a remis « %(name)s » au carnet"))
RETURNED_SEVERAL = audit.Action("item.returned_several", _l("a remis des éléments au carnet"))
ORDERED = audit.Action("item.ordered")  # without sentence: not shown in feeds


def move_items(
    actor: Actor,
    project: Project,
    items_at_versions: Sequence[ItemAtVersion],
    to: Iteration | None,
    *,
    place: ItemPosition = ItemPosition.TOP,
) -> list[Item]:
    """Move items into an open sprint, or to the top or bottom of the backlog (`to` is None).

    All items or none. Returns those that moved; an item that is in that sprint already stays.
    Raises `NotAllowed`, `TooLate`, `RuleBroken` on `to`, and `Conflict` for a stale version.
    """
    why = _("Un de ces éléments n’est plus à faire.")
    allowed = all(
        policy.can_move(actor, project, item_at_version.item) for item_at_version in items_at_versions
    )
    require_team_and_still_allowed(actor, project, allowed, why)
    journal = ItemEventJournal(actor, project)
    require_open_target(to)
    target = to.id if to else None
    locked_items = [journal.lock_item(item_at_version) for item_at_version in items_at_versions]
    moved = [item for item in locked_items if item.iteration_id != target]
    for item in moved:
        set_item_iteration_unaudited(item, to)
    if to is None:
        in_order = sorted(locked_items, key=lambda item: item.rank)
        order_commands.rank_items_first_or_last(project.id, in_order, on_top=place is ItemPosition.TOP)
    if moved:
        _record_move(journal, project, moved, to)
    stayed = [item for item in locked_items if item not in moved]
    if to is None and stayed:
        journal.add_events(ItemEventKind.ORDERED, stayed)
        journal.record_bulk_audit(ORDERED, project, stayed, len(stayed))
    return locked_items if to is None else moved


def set_item_iteration_unaudited(item: Item, to: Iteration | None) -> None:
    """Set the iteration of an item. One in progress is to do again in the backlog."""
    item.iteration_id = to.id if to else None
    item.spill = None
    if to is None and item.state is ItemState.DOING:
        item.state = ItemState.TO_DO


def _record_move(
    journal: ItemEventJournal, project: Project, moved: Sequence[Item], to: Iteration | None
) -> None:
    changes = read_pending_audit_changes(moved[0])
    journal.add_events(ItemEventKind.PLANNED if to else ItemEventKind.RETURNED, moved)
    if len(moved) == 1:
        journal.record_audit(PLANNED if to else RETURNED, moved[0], changes)
    elif to:
        journal.record_bulk_audit(PLANNED_SEVERAL, project, moved, to.number)
    else:
        journal.record_bulk_audit(RETURNED_SEVERAL, project, moved, len(moved))


def place_item(
    actor: Actor,
    project: Project,
    item_at_version: ItemAtVersion,
    place: ItemPosition,
    other: Item | None = None,
) -> None:
    """Move an item to the top, to the bottom, or next to an open item of the same list.

    Raises `NotAllowed`, `TooLate`, and `Conflict` when either item was changed or moved meanwhile.
    """
    require_to_move(actor, project, item_at_version.item)
    journal = ItemEventJournal(actor, project)
    item = journal.lock_item(item_at_version)
    if place in {ItemPosition.TOP, ItemPosition.BOTTOM}:
        order_commands.rank_items_first_or_last(project.id, [item], on_top=place is ItemPosition.TOP)
    elif other is not None and other.id != item.id:
        journal.refresh_item(other)
        if not other.is_open or other.iteration_id != item.iteration_id:
            raise Conflict
        order_commands.rank_item_beside(item, place, other)
    journal.record_item_event(ItemEventKind.ORDERED, ORDERED, item, {})

"""Commands on items: add, edit, assign, split, drop, take back. Policy, rules, act, audit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from portal.platform.kernel import audit
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, reload_row
from portal.platform.kernel.errors import RuleBroken, TooLate
from portal.platform.kernel.text import fold
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.path_rules import HasPage, row_path_by_number
from portal.project.projects.queries import map_team_names_by_person
from portal.project.projects.work_commands import (
    create_page_discussion,
    require_person_on_team,
    require_project_active,
    require_team_member,
)
from portal.sprints.backlog import order_commands, policy, queries, rank_rules
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.journal_commands import (
    ItemAtVersion,
    ItemEventJournal,
    read_pending_audit_changes,
)
from portal.sprints.backlog.models import NUMBER_MAX, TITLE_MAX, Item, ItemEventKind, ItemKind, Iteration
from portal.sprints.backlog.order_commands import ItemPosition

ADDED = audit.Action("item.added", _l("a ajouté « %(name)s » au carnet"))
ADDED_SEVERAL = audit.Action("item.added_several", _l("a ajouté des éléments au carnet"))
EDITED = audit.Action("item.edited", _l("a modifié l’élément « %(name)s »"))
ASSIGNED = audit.Action("item.assigned", _l("a changé qui s’occupe de « %(name)s »"))
SPLIT = audit.Action("item.split", _l("a découpé « %(name)s »"))
DROPPED = audit.Action("item.dropped", _l("a abandonné « %(name)s »"))
TAKEN_BACK = audit.Action("item.taken_back", _l("a repris « %(name)s » dans le carnet"))

ITEMS_ADDED_MAX = 100  # items added together


class RowWithItem(HasPage, Protocol):
    """A row with a number, an owner and the item made from it."""

    number: Any
    owner_id: Any
    item_id: Any


@dataclass(frozen=True, kw_only=True)
class ItemFacts:
    """The editable fields of an item. None in `points`: not estimated; in `assignee_id`: nobody."""

    title: str
    kind: ItemKind = ItemKind.STORY
    points: int | None = None
    assignee_id: UUID | None = None
    description: str = ""
    origin: str = ""  # the path of its source; edits do not change it


def require_team_and_still_allowed(actor: Actor, project: Project, allowed: bool, sentence: str) -> None:
    """Raise `NotAllowed` for others than the team, `TooLate` with `sentence` unless `allowed`."""
    require_team_member(actor, project)
    require_project_active(project)
    if not allowed:
        raise TooLate(sentence)


def require_to_edit(actor: Actor, project: Project, item: Item) -> None:
    """Raise `NotAllowed`, or `TooLate` for a dropped item."""
    why = _("Cet élément est abandonné : reprenez-le d’abord.")
    require_team_and_still_allowed(actor, project, policy.can_edit(actor, project, item), why)


def require_to_move(actor: Actor, project: Project, item: Item) -> None:
    """Raise `NotAllowed`, or `TooLate` for an item that is done or dropped."""
    why = _("Cet élément n’est plus à faire.")
    require_team_and_still_allowed(actor, project, policy.can_move(actor, project, item), why)


def add_items(
    actor: Actor,
    project: Project,
    texts: Sequence[ItemFacts],
    to: Iteration | None = None,
    *,
    on_top: bool = False,
) -> list[Item]:
    """Add items in this order, to the backlog or to an open sprint; at its end, or `on_top`.

    Raises `NotAllowed`, `TooLate`, and `RuleBroken` on `lines`, `assignee_id` or `to`.
    """
    require_team_and_still_allowed(actor, project, policy.can_add_and_order_items(actor, project), "")
    _check_new_items(project, texts)
    journal = ItemEventJournal(actor, project)
    require_open_target(to)
    items = _build_items(project, texts, to)
    order_commands.rank_items_first_or_last(project.id, items, on_top=on_top)
    db.session.add_all(items)
    journal.add_events(ItemEventKind.ADDED, items)
    if len(items) == 1:
        journal.record_audit(ADDED, items[0], {})
    else:
        journal.record_bulk_audit(ADDED_SEVERAL, project, items, len(items))
    return items


def add_item_from_row(
    actor: Actor, project: Project, row: RowWithItem, kind: ItemKind, *, title: str, description: str = ""
) -> Item:
    """Make an item of the backlog from a row, for its owner while they are on the team."""
    on_team = row.owner_id in map_team_names_by_person(project)
    text = ItemFacts(
        title=title,
        kind=kind,
        description=description,
        assignee_id=row.owner_id if on_team else None,
        origin=row_path_by_number(project, type(row), row.number),
    )
    (item,) = add_items(actor, project, [text])
    row.item_id = item.id
    return item


def require_open_target(to: Iteration | None) -> None:
    """Raise `RuleBroken` on `to` unless the iteration is still open."""
    if to is None:
        return
    reload_row(to)
    if not to.is_open:
        sentence = _("Le sprint %(number)s ne prend plus d’élément.", number=to.number)
        raise RuleBroken("to", sentence)


def _check_new_items(project: Project, texts: Sequence[ItemFacts]) -> None:
    if not texts:
        raise RuleBroken("lines", _("Écrivez au moins une ligne."))
    if len(texts) > ITEMS_ADDED_MAX:
        raise RuleBroken("lines", _("Au plus %(n)s éléments à la fois.", n=ITEMS_ADDED_MAX))
    for text in texts:
        if len(text.title) > TITLE_MAX:
            start = text.title[:40]
            raise RuleBroken("lines", _("« %(start)s… » dépasse %(n)s caractères.", start=start, n=TITLE_MAX))
        require_person_on_team("assignee_id", project, text.assignee_id)


def _build_items(project: Project, texts: Sequence[ItemFacts], to: Iteration | None) -> list[Item]:
    """New items without a rank. The project is locked, so that numbers are unique."""
    first = queries.get_last_item_number(project) + 1
    if first + len(texts) - 1 > NUMBER_MAX:
        raise RuleBroken("lines", _("Ce projet a atteint %(n)s éléments.", n=NUMBER_MAX))
    return [
        Item(
            project_id=project.id,
            number=number,
            discussion_id=create_page_discussion(project, Item, number),
            iteration_id=to and to.id,
            title=text.title,
            title_fold=fold(text.title),
            kind=text.kind,
            points=text.points,
            description=text.description,
            assignee_id=text.assignee_id,
            state=ItemState.TO_DO,
            origin=text.origin,
        )
        for number, text in enumerate(texts, first)
    ]


def edit_item(actor: Actor, project: Project, item_at_version: ItemAtVersion, text: ItemFacts) -> None:
    """Raises `NotAllowed`, `TooLate`, `RuleBroken` on `assignee_id`, and `Conflict`."""
    why = _("Cet élément est abandonné : reprenez-le d’abord.")
    require_team_and_still_allowed(actor, project, policy.can_edit(actor, project, item_at_version.item), why)
    journal = ItemEventJournal(actor, project)
    item = journal.lock_item(item_at_version)
    if text.assignee_id != item.assignee_id:
        require_person_on_team("assignee_id", project, text.assignee_id)
    for name in ("title", "kind", "points", "assignee_id", "description"):
        setattr(item, name, getattr(text, name))
    item.title_fold = fold(item.title)
    if changes := read_pending_audit_changes(item):
        journal.record_item_event(ItemEventKind.EDITED, EDITED, item, changes)


def assign_item(
    actor: Actor, project: Project, item_at_version: ItemAtVersion, assignee_id: UUID | None
) -> None:
    """Assign an item to a team member or to nobody (None). Raises as `edit_item` does."""
    require_to_move(actor, project, item_at_version.item)
    journal = ItemEventJournal(actor, project)
    item = journal.lock_item(item_at_version)
    require_person_on_team("assignee_id", project, assignee_id)
    item.assignee_id = assignee_id
    if changes := read_pending_audit_changes(item):
        journal.record_item_event(ItemEventKind.ASSIGNED, ASSIGNED, item, changes)


def split_item(
    actor: Actor,
    project: Project,
    item_at_version: ItemAtVersion,
    texts: Sequence[ItemFacts],
    points: int | None,
) -> list[Item]:
    """Split parts off an item; they come right after it, and it keeps `points`.

    Raises `NotAllowed`, `TooLate`, `RuleBroken` on `lines`, and `Conflict`.
    """
    why = _("Cet élément n’est plus à faire : il ne se découpe plus.")
    require_team_and_still_allowed(actor, project, policy.can_move(actor, project, item_at_version.item), why)
    _check_new_items(project, texts)
    journal = ItemEventJournal(actor, project)
    item = journal.lock_item(item_at_version)
    iteration = queries.find_iteration(item.iteration_id)
    item.points = points
    changes = read_pending_audit_changes(item)
    parts = _build_items(project, texts, iteration)
    for part in parts:
        part.origin = row_path_by_number(project, Item, item.number)
        part.rank = item.rank + rank_rules.GAP
    db.session.add_all(parts)
    for part in reversed(parts):
        order_commands.rank_item_beside(part, ItemPosition.AFTER, item)
    journal.add_events(ItemEventKind.SPLIT, [item])
    journal.add_events(ItemEventKind.ADDED, parts)
    journal.record_audit(SPLIT, item, changes)
    return parts


def drop_item(actor: Actor, project: Project, item_at_version: ItemAtVersion) -> None:
    """Drop an item from the work; its page and history stay. Raises as `edit_item` does."""
    require_to_move(actor, project, item_at_version.item)
    journal = ItemEventJournal(actor, project)
    item = journal.lock_item(item_at_version)
    item.gone_at = journal.at
    item.spill = None
    journal.record_item_event(ItemEventKind.DROPPED, DROPPED, item, {})


def take_back_item(actor: Actor, project: Project, item_at_version: ItemAtVersion) -> None:
    """Reopen an item that was dropped, or done in a closed sprint, on top of the backlog.

    Raises `NotAllowed`, `TooLate` and `Conflict`.
    """
    in_active = queries.is_in_active_iteration(item_at_version.item)
    allowed = policy.can_take_back(actor, project, item_at_version.item, in_active=in_active)
    require_team_and_still_allowed(actor, project, allowed, _("Cet élément est déjà à faire."))
    journal = ItemEventJournal(actor, project)
    item = journal.lock_item(item_at_version)
    item.iteration_id = item.gone_at = item.done_at = item.spill = None
    item.state, item.block_reason = ItemState.TO_DO, ""
    order_commands.rank_items_first_or_last(project.id, [item], on_top=True)
    journal.record_item_event(ItemEventKind.TAKEN_BACK, TAKEN_BACK, item)

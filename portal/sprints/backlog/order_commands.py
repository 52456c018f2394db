"""The order of items. The caller has locked the project, so that ranks are unique."""

from collections.abc import Sequence
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa

from portal.platform.kernel.database import db, flush_session, reload_row
from portal.sprints.backlog import rank_rules
from portal.sprints.backlog.models import Item


class ItemPosition(StrEnum):
    """The new place of an item; BEFORE and AFTER need another item."""

    TOP = "top"
    BOTTOM = "bottom"
    BEFORE = "before"
    AFTER = "after"


def rank_items_first_or_last(project_id: UUID, items: Sequence[Item], *, on_top: bool = False) -> None:
    """Move items after all others, or before them (`on_top`), in the given order."""
    edge = sa.func.min(Item.rank) if on_top else sa.func.max(Item.rank)
    outermost = db.session.scalar(sa.select(edge).where(Item.project_id == project_id))
    make_ranks = rank_rules.list_ranks_before if on_top else rank_rules.list_ranks_after
    new_ranks = make_ranks(outermost, len(items))
    for item, rank in zip(items, new_ranks, strict=True):
        item.rank = rank


def rank_item_beside(item: Item, place: ItemPosition, other: Item) -> None:
    """Move an item right before or after another item of the project."""
    rank = _find_rank_beside(item, place, other)
    if rank is None:
        _shift_ranks(other, place)
        rank = _find_rank_beside(item, place, other)
    item.rank = rank if rank is not None else other.rank


def _find_rank_beside(item: Item, place: ItemPosition, other: Item) -> int | None:
    """The rank next to another item; None when the neighbours leave no gap."""
    rest = Item.project_id == item.project_id, Item.id != item.id
    if place is ItemPosition.BEFORE:
        lower = sa.select(sa.func.max(Item.rank)).where(*rest, Item.rank < other.rank)
        return rank_rules.rank_between(db.session.scalar(lower), other.rank)
    upper = sa.select(sa.func.min(Item.rank)).where(*rest, Item.rank > other.rank)
    return rank_rules.rank_between(other.rank, db.session.scalar(upper))


def _shift_ranks(other: Item, place: ItemPosition) -> None:
    """Shift the ranks from there on, without changing versions."""
    flush_session()
    at_or_after = Item.rank >= other.rank if place is ItemPosition.BEFORE else Item.rank > other.rank
    db.session.execute(
        sa.update(Item)
        .where(Item.project_id == other.project_id, at_or_after)
        .values(rank=Item.rank + rank_rules.GAP)
        .execution_options(synchronize_session=False)
    )
    reload_row(other)

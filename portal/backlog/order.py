"""Putting items in order. The caller holds the project, so no two are given the same place."""

from collections.abc import Sequence
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa

from portal.backlog import ranks
from portal.backlog.models import Item
from portal.kernel.db import db, save


class Place(StrEnum):
    """Where to put an item; the last two need another item."""

    TOP = "top"
    BOTTOM = "bottom"
    BEFORE = "before"
    AFTER = "after"


def put_at_end(project_id: UUID, items: Sequence[Item], *, on_top: bool = False) -> None:
    """Before or after all others, keeping the order among themselves."""
    edge = sa.func.min(Item.rank) if on_top else sa.func.max(Item.rank)
    rank = db.session.scalar(sa.select(edge).where(Item.project_id == project_id))
    given = (ranks.before if on_top else ranks.after)(rank, len(items))
    for item, new in zip(items, given, strict=True):
        item.rank = new


def put_beside(item: Item, place: Place, other: Item) -> None:
    """Right before or after another item of the project."""
    rank = _between(item, place, other)
    if rank is None:
        _make_room(other, place)
        rank = _between(item, place, other)
    item.rank = rank if rank is not None else other.rank


def _between(item: Item, place: Place, other: Item) -> int | None:
    """The rank beside another item; None when its neighbour leaves no room."""
    rest = Item.project_id == item.project_id, Item.id != item.id
    if place is Place.BEFORE:
        lower = sa.select(sa.func.max(Item.rank)).where(*rest, Item.rank < other.rank)
        return ranks.between(db.session.scalar(lower), other.rank)
    upper = sa.select(sa.func.min(Item.rank)).where(*rest, Item.rank > other.rank)
    return ranks.between(other.rank, db.session.scalar(upper))


def _make_room(other: Item, place: Place) -> None:
    """Push everything from there on further down. No version moves: nobody's text has changed."""
    save()
    at_or_after = Item.rank >= other.rank if place is Place.BEFORE else Item.rank > other.rank
    db.session.execute(
        sa.update(Item)
        .where(Item.project_id == other.project_id, at_or_after)
        .values(rank=Item.rank + ranks.GAP)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(other)

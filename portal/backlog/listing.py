"""A page of a project's items, in order. The caller was already allowed to see the project.

The plain list is a statement made once, when this file is read; filters narrow a copy of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Select

from portal.accounts.models import Person
from portal.backlog.flow import State
from portal.backlog.models import Item, Iteration, Kind, Spill
from portal.discussions.models import Discussion
from portal.kernel.db import rows
from portal.kernel.text import fold

PER_PAGE = 50


class Where(StrEnum):
    """Which of a project's items are listed."""

    BACKLOG = "backlog"  # to do, in no sprint
    SPRINTS = "sprints"  # in a sprint that is not closed
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True)
class Filters:
    """How a list is narrowed; `assignee` is a person's id, or NOBODY."""

    where: Where = Where.BACKLOG
    kind: Kind | None = None
    state: State | None = None
    assignee: str = ""
    q: str = ""
    page: int = 1

    NOBODY = "nobody"

    @property
    def narrows(self) -> bool:
        return bool(self.kind or self.state or self.assignee or self.q)

    @property
    def query(self) -> Mapping[str, Any]:
        """As an address carries it, without what is usual."""
        given = {
            "where": "" if self.where is Where.BACKLOG else self.where.value,
            "kind": self.kind.value if self.kind else "",
            "state": self.state.value if self.state else "",
            "assignee": self.assignee,
            "q": self.q,
            "page": self.page if self.page > 1 else "",
        }
        return {name: value for name, value in given.items() if value != ""}

    def on_page(self, page: int) -> "Filters":
        return replace(self, page=page)


@dataclass(frozen=True)
class Line:
    """An item as a list shows it."""

    id: UUID
    number: int
    version: int
    title: str
    kind: Kind
    points: int | None
    state: State
    reason: str
    spill: Spill | None
    sprint: int | None
    assignee: str | None
    assignee_id: UUID | None
    comments: int

    @property
    def handle(self) -> str:
        """The item, and the version of it that is shown: what a form sends back."""
        return f"{self.number}-{self.version}"


@dataclass(frozen=True)
class Listing:
    """A page of lines; how many there are in all, of how many points, how many without any.

    `above` and `below` are the numbers of the items right before and after the page, if any.
    """

    lines: Sequence[Line]
    count: int
    points: int
    unsized: int
    page: int
    above: int | None = None
    below: int | None = None

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // PER_PAGE))


def list_items(project_id: UUID, filters: Filters) -> Listing:
    """The page asked for, or the last one when there are fewer."""
    narrow = _narrow(filters)
    given: dict[str, Any] = {"project": project_id}
    count, points, unsized = rows(_TOTALS[filters.where].where(*narrow), given)[0]
    page = min(filters.page, max(1, -(-count // PER_PAGE)))
    first = (page - 1) * PER_PAGE
    before = min(first, 1)  # one more on each side: an item may go past the edge of its page
    given |= {"limit": before + PER_PAGE + 1, "offset": first - before}
    found = rows(_PAGES[filters.where].where(*narrow), given) if count else ()
    lines = [Line(*row) for row in found]
    above, below = lines[:before], lines[before + PER_PAGE :]
    return Listing(
        lines=lines[before : before + PER_PAGE],
        count=count,
        points=points,
        unsized=unsized,
        page=page,
        above=above[0].number if above else None,
        below=below[0].number if below else None,
    )


def select_items(project_id: UUID, filters: Filters, columns: Sequence[Any]) -> Select[Any]:
    """All the items that a list has on its pages, in its order: for whoever writes them out.

    The columns may be of items, of their sprint and of who does them.
    """
    items: Any = sa.select(*columns).select_from(Item)
    items = items.outerjoin(Iteration, Iteration.id == Item.iteration_id)
    items = items.outerjoin(Person, Person.id == Item.assignee_id)
    items = items.where(Item.project_id == project_id, *_HERE[filters.where], *_narrow(filters))
    if filters.where is Where.SPRINTS:
        items = items.where(Item.iteration_id.is_not(None))
    found: Select[Any] = items.order_by(*_ORDERS[filters.where])
    return found


def list_scope(iteration_id: UUID) -> Sequence[Line]:
    """What is in a sprint, in order, whatever its state."""
    return [Line(*row) for row in rows(_SCOPE, {"iteration": iteration_id})]


def list_waiting(project_id: UUID) -> Listing:
    """What a sprint may take from the backlog: its first page, in order."""
    return list_items(project_id, Filters())


def _narrow(filters: Filters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.kind:
        conditions.append(Item.kind == filters.kind)
    if filters.state:
        conditions.append(Item.state == filters.state)
    if filters.assignee == Filters.NOBODY:
        conditions.append(Item.assignee_id.is_(None))
    elif filters.assignee:
        conditions.append(Item.assignee_id == UUID(filters.assignee))
    if filters.q:
        conditions.append(Item.title_fold.contains(fold(filters.q), autoescape=True))
    return conditions


_HERE: Mapping[Where, tuple[ColumnElement[bool], ...]] = {
    Where.BACKLOG: (
        Item.iteration_id.is_(None),
        Item.gone_at.is_(None),
        Item.state != State.DONE,
    ),
    Where.SPRINTS: (Item.gone_at.is_(None), Iteration.closed_at.is_(None)),
    Where.DONE: (Item.gone_at.is_(None), Item.state == State.DONE),
    Where.DROPPED: (Item.gone_at.is_not(None),),
}
_ORDERS: Mapping[Where, tuple[Any, ...]] = {
    Where.BACKLOG: (Item.rank, Item.id),
    Where.SPRINTS: (Iteration.number, Item.rank, Item.id),
    Where.DONE: (Item.done_at.desc(), Item.id),
    Where.DROPPED: (Item.gone_at.desc(), Item.id),
}
_LINES = (
    sa.select(
        Item.id,
        Item.number,
        Item.version,
        Item.title,
        Item.kind,
        Item.points,
        Item.state,
        Item.block_reason,
        Item.spill,
        Iteration.number,
        Person.name,
        Item.assignee_id,
        Discussion.comment_count,
    )
    .join(Discussion, Discussion.id == Item.discussion_id)
    .outerjoin(Iteration, Iteration.id == Item.iteration_id)
    .outerjoin(Person, Person.id == Item.assignee_id)
)
_mine = Item.project_id == sa.bindparam("project")


def _page_of(where: Where) -> Select[Any]:
    inner = where is Where.SPRINTS
    lines: Any = _LINES.where(_mine, *_HERE[where])
    lines = lines.where(Item.iteration_id.is_not(None)) if inner else lines
    lines = lines.order_by(*_ORDERS[where])
    page: Select[Any] = lines.limit(sa.bindparam("limit")).offset(sa.bindparam("offset"))
    return page


def _totals_of(where: Where) -> Select[Any]:
    points = sa.func.coalesce(sa.func.sum(Item.points), 0)
    unsized = sa.func.count() - sa.func.count(Item.points)
    totals: Any = sa.select(sa.func.count(), points, unsized).where(_mine, *_HERE[where])
    if where is Where.SPRINTS:
        totals = totals.join_from(Item, Iteration, Iteration.id == Item.iteration_id)
    made: Select[Any] = totals
    return made


_PAGES = {where: _page_of(where) for where in Where}
_TOTALS = {where: _totals_of(where) for where in Where}
_SCOPE = _LINES.where(
    Item.iteration_id == sa.bindparam("iteration"), Item.gone_at.is_(None)
).order_by(Item.rank, Item.id)

"""A page of a project's items, in order. The caller has checked that the actor may see the project.

The statement of each tab is built once, at import; filters add conditions to a copy.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Select

from portal.collaboration.discussions.models import Discussion
from portal.people.accounts.models import Person
from portal.platform.kernel.database import fetch_rows
from portal.platform.kernel.prepared_statements import PreparedStatement
from portal.platform.kernel.text import fold
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.models import Item, ItemKind, Iteration, SpillTarget

PER_PAGE = 50


class BacklogTab(StrEnum):
    """Which of a project's items are listed."""

    BACKLOG = "backlog"  # to do, in no sprint
    SPRINTS = "sprints"  # in a sprint that is not closed
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True)
class BacklogFilters:
    """The filters of a list; `assignee` is a person's id, or NOBODY."""

    where: BacklogTab = BacklogTab.BACKLOG
    kind: ItemKind | None = None
    state: ItemState | None = None
    assignee: str = ""
    q: str = ""
    page: int = 1

    NOBODY = "nobody"

    @property
    def is_filtered(self) -> bool:
        return bool(self.kind or self.state or self.assignee or self.q)

    @property
    def query(self) -> Mapping[str, Any]:
        """The parameters of the query string, without default values."""
        query_args = {
            "where": "" if self.where is BacklogTab.BACKLOG else self.where.value,
            "kind": self.kind.value if self.kind else "",
            "state": self.state.value if self.state else "",
            "assignee": self.assignee,
            "q": self.q,
            "page": self.page if self.page > 1 else "",
        }
        return {name: value for name, value in query_args.items() if value != ""}

    def on_page(self, page: int) -> "BacklogFilters":
        return replace(self, page=page)


class ItemRow(NamedTuple):
    """An item in a list."""

    number: int
    version: int
    title: str
    kind: ItemKind
    points: int | None
    state: ItemState
    reason: str
    spill: SpillTarget | None
    sprint: int | None
    assignee: str | None
    assignee_id: UUID | None
    comments: int

    @property
    def handle(self) -> str:
        """Number and version, as forms send them back: « 12-3 »."""
        return f"{self.number}-{self.version}"


@dataclass(frozen=True)
class BacklogPage:
    """A page of items, with totals of the whole list.

    `count` items have `points` together, `unestimated` of them none. `above` and `below` are the
    numbers of the items right before and after the page, if any.
    """

    lines: Sequence[ItemRow]
    count: int
    points: int
    unestimated: int
    page: int
    above: int | None = None
    below: int | None = None

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // PER_PAGE))


def read_backlog_page(project_id: UUID, filters: BacklogFilters) -> BacklogPage:
    """The requested page, or the last one when there are fewer."""
    narrow = _build_filter_conditions(filters)
    params: dict[str, Any] = {"project": project_id}
    count, points, unsized = fetch_rows(_TOTALS_STATEMENTS[filters.where].where(*narrow), params)[0]
    page = min(filters.page, max(1, -(-count // PER_PAGE)))
    first = (page - 1) * PER_PAGE
    before = min(first, 1)  # one more item on each side, to move across the edges of the page
    params |= {"limit": before + PER_PAGE + 1, "offset": first - before}
    item_rows = fetch_rows(_choose_page_statement(filters.where, narrow), params) if count else ()
    lines = tuple(map(ItemRow._make, item_rows))
    above, below = lines[:before], lines[before + PER_PAGE :]
    return BacklogPage(
        lines=lines[before : before + PER_PAGE],
        count=count,
        points=points,
        unestimated=unsized,
        page=page,
        above=above[0].number if above else None,
        below=below[0].number if below else None,
    )


def read_item_rows(
    project_id: UUID, where: BacklogTab | None, filters: BacklogFilters, offset: int, limit: int
) -> Sequence[ItemRow]:
    """Some items of a list, without its totals; None: of all that are not dropped, by number."""
    some = _choose_page_statement(where, _build_filter_conditions(filters))
    item_rows = fetch_rows(some, {"project": project_id, "limit": limit, "offset": offset})
    return list(map(ItemRow._make, item_rows))


def select_items(project_id: UUID, filters: BacklogFilters, columns: Sequence[Any]) -> Select[Any]:
    """The statement of all items of a list, in its order, for exports.

    `columns` may be of `Item`, of its `Iteration` and of its assignee (`Person`).
    """
    items: Any = sa.select(*columns).select_from(Item)
    items = items.outerjoin(Iteration, Iteration.id == Item.iteration_id)
    items = items.outerjoin(Person, Person.id == Item.assignee_id)
    items = items.where(
        Item.project_id == project_id, *_TAB_CONDITIONS[filters.where], *_build_filter_conditions(filters)
    )
    if filters.where is BacklogTab.SPRINTS:
        items = items.where(Item.iteration_id.is_not(None))
    ordered_items: Select[Any] = items.order_by(*_TAB_ORDERS[filters.where])
    return ordered_items


def list_sprint_items(iteration_id: UUID) -> tuple[ItemRow, ...]:
    """All items of a sprint, in order."""
    return tuple(map(ItemRow._make, fetch_rows(_SCOPE_STATEMENT, {"iteration": iteration_id})))


def read_first_backlog_page(project_id: UUID) -> BacklogPage:
    """The first page of the backlog, without filters."""
    return read_backlog_page(project_id, BacklogFilters())


def backlog_presence_subquery() -> Any:
    """A subquery: whether the backlog of the project bound as `project` holds an item."""
    return sa.select(Item.id).where(_same_project, *_TAB_CONDITIONS[BacklogTab.BACKLOG]).exists()


def _choose_page_statement(
    where: BacklogTab | None, narrow: Sequence[ColumnElement[bool]]
) -> Select[Any] | PreparedStatement:
    return _PAGE_STATEMENTS[where].where(*narrow) if narrow else _WHOLE_PAGE_STATEMENTS[where]


def _build_filter_conditions(filters: BacklogFilters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.kind:
        conditions.append(Item.kind == filters.kind)
    if filters.state:
        conditions.append(Item.state == filters.state)
    if filters.assignee == BacklogFilters.NOBODY:
        conditions.append(Item.assignee_id.is_(None))
    elif filters.assignee:
        conditions.append(Item.assignee_id == UUID(filters.assignee))
    if filters.q:
        conditions.append(Item.title_fold.contains(fold(filters.q), autoescape=True))
    return conditions


_TAB_CONDITIONS: Mapping[BacklogTab | None, tuple[ColumnElement[bool], ...]] = {
    None: (Item.gone_at.is_(None),),
    BacklogTab.BACKLOG: (Item.iteration_id.is_(None), Item.gone_at.is_(None), Item.state != ItemState.DONE),
    BacklogTab.SPRINTS: (Item.gone_at.is_(None), Iteration.closed_at.is_(None)),
    BacklogTab.DONE: (Item.gone_at.is_(None), Item.state == ItemState.DONE),
    BacklogTab.DROPPED: (Item.gone_at.is_not(None),),
}
_TAB_ORDERS: Mapping[BacklogTab | None, tuple[Any, ...]] = {
    None: (Item.number,),
    BacklogTab.BACKLOG: (Item.rank, Item.id),
    BacklogTab.SPRINTS: (Iteration.number, Item.rank, Item.id),
    BacklogTab.DONE: (Item.done_at.desc(), Item.id),
    BacklogTab.DROPPED: (Item.gone_at.desc(), Item.id),
}
_SELECT_ROWS = (
    sa.select(
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
_same_project = Item.project_id == sa.bindparam("project")


def _select_item_page(where: BacklogTab | None) -> Select[Any]:
    inner = where is BacklogTab.SPRINTS
    lines: Any = _SELECT_ROWS.where(_same_project, *_TAB_CONDITIONS[where])
    lines = lines.where(Item.iteration_id.is_not(None)) if inner else lines
    lines = lines.order_by(*_TAB_ORDERS[where])
    page: Select[Any] = lines.limit(sa.bindparam("limit")).offset(sa.bindparam("offset"))
    return page


def _select_totals(where: BacklogTab) -> Select[Any]:
    points = sa.func.coalesce(sa.func.sum(Item.points), 0)
    unsized = sa.func.count() - sa.func.count(Item.points)
    totals: Any = sa.select(sa.func.count(), points, unsized).where(_same_project, *_TAB_CONDITIONS[where])
    if where is BacklogTab.SPRINTS:
        totals = totals.join_from(Item, Iteration, Iteration.id == Item.iteration_id)
    statement: Select[Any] = totals
    return statement


_PAGE_STATEMENTS = {where: _select_item_page(where) for where in (None, *BacklogTab)}
_WHOLE_PAGE_STATEMENTS = {where: PreparedStatement(each) for where, each in _PAGE_STATEMENTS.items()}
_TOTALS_STATEMENTS = {where: _select_totals(where) for where in BacklogTab}
_SCOPE_STATEMENT = PreparedStatement(
    _SELECT_ROWS.where(Item.iteration_id == sa.bindparam("iteration"), Item.gone_at.is_(None)).order_by(
        Item.rank, Item.id
    )
)

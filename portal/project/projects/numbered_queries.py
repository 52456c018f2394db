"""Queries on numbered rows of a project: by number, by id, or a page of a list at a time."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, false, func, select

from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, get_row, get_scalar, lock_row
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.project.projects import policy
from portal.project.projects.models import NUMBER_MAX, Numbered, Project

PER_PAGE = 20
BATCH = 500
PROJECT_BATCH = 50  # projects of a stream

Row = TypeVar("Row", bound=Numbered)
Parent = TypeVar("Parent", bound=Numbered)
Item = TypeVar("Item")
Visible = Callable[[Actor], ColumnElement[bool]]  # which rows of a model an actor sees


@dataclass(frozen=True)
class PageContainingNumber:
    """The page of a list on which the row of this number stands, wherever that is."""

    number: int


@dataclass(frozen=True)
class ListPage(Generic[Item]):
    """A page of a list; `count` is the length of the whole list, `page` counts from 1."""

    rows: Sequence[Item]
    count: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // PER_PAGE))


def cut_page(items: Sequence[Item], page: int) -> ListPage[Item]:
    """Return a page of items that are all read, the last one beyond it."""
    page = min(page, max(1, -(-len(items) // PER_PAGE)))
    return ListPage(items[(page - 1) * PER_PAGE : page * PER_PAGE], len(items), page)


def iterate_with_page(items: Iterable[Item]) -> Iterator[tuple[int, Item]]:
    """Each item after the number of the page on which `cut_page` has it."""
    return ((place // PER_PAGE + 1, item) for place, item in enumerate(items))


def select_in_project(actor: Actor, model: type[Row], project: Project) -> Select[Row]:
    """Select all rows of a model in a project; none for an actor who does not read the project."""
    rows = select(model).where(model.project_id == project.id)
    return rows if policy.can_read(actor, project) else rows.where(false())


@cache
def select_bound_in_project(model: type[Row]) -> Select[Row]:
    """Return the same statement compiled once; `bound_select_parameters` binds the actor and project."""
    visible = policy.visible_by_project_column_bound(model.project_id)
    return select(model).where(model.project_id == bindparam("project"), visible)


def bound_select_parameters(actor: Actor, project: Project) -> dict[str, Any]:
    """Return the parameters of a statement made by `select_bound_in_project`."""
    return {"project": project.id, **policy.reach_parameters(actor)}


def get_by_number(
    actor: Actor, model: type[Row], project: Project, number: int, visible: Visible | None = None
) -> Row:
    """Return a row; raises `NotFound` if none is there or visible to the actor (`select_visible_rows`)."""
    return get_scalar(select_visible_rows(actor, model, project, visible).where(model.number == number))


def select_visible_rows(
    actor: Actor, model: type[Row], project: Project, visible: Visible | None
) -> Select[Row]:
    """The rows of a project that the actor sees: by `visible`, where others than its readers see some."""
    if visible is None:
        return select_in_project(actor, model, project)
    return select(model).where(model.project_id == project.id, visible(actor))


def list_rows_after(
    actor: Actor,
    model: type[Row],
    project: Project,
    number: int,
    limit: int,
    *conditions: Any,
    visible: Visible | None = None,
) -> Sequence[Row]:
    """The rows after a number that the actor may see, by number: one more than `limit`, if any."""
    rows = select_visible_rows(actor, model, project, visible).where(model.number > number, *conditions)
    return db.session.scalars(rows.order_by(model.number).limit(limit + 1)).all()


def iterate_row_batches_in_programme(
    actor: Actor,
    model: type[Row],
    programme_id: UUID,
    after: UUID | None,
    visible: Visible | None = None,
) -> Iterator[Sequence[Row]]:
    """Yield batches of the rows of all projects of a programme that the actor reads, by id.

    The session holds the projects of a batch while it is read.
    """
    in_programme = select(Project.id).where(Project.programme_id == programme_id)
    is_visible = visible(actor) if visible else policy.visible_by_project_column(actor, model.project_id)
    rows = select(model).where(model.project_id.in_(in_programme), is_visible).order_by(model.id)
    while True:
        following = rows if after is None else rows.where(model.id > after)
        batch = db.session.scalars(following.limit(BATCH)).all()
        if batch:
            after = batch[-1].id
            ids = {row.project_id for row in batch}
            projects = db.session.scalars(select(Project).where(Project.id.in_(ids))).all()
            yield batch
            del projects
        if len(batch) < BATCH:
            return


def iterate_project_batches_in_programme(
    actor: Actor, programme_id: UUID, after: UUID | None
) -> Iterator[Sequence[Project]]:
    """Yield batches of the projects of a programme that the actor reads, by id."""
    rows = select(Project).where(
        Project.programme_id == programme_id, policy.visible_by_project_column(actor, Project.id)
    )
    while True:
        following = rows if after is None else rows.where(Project.id > after)
        batch = db.session.scalars(following.order_by(Project.id).limit(PROJECT_BATCH)).all()
        if batch:
            after = batch[-1].id
            yield batch
        if len(batch) < PROJECT_BATCH:
            return


def get_row_with_parent(
    actor: Actor, model: type[Row], parent_and_key: tuple[type[Parent], Any], project: Project, number: int
) -> tuple[Row, Parent]:
    """Return a row and its parent, given the parent's model and the column that points to it.

    Raises `NotFound` as `get_by_number` does.
    """
    parent, parent_id = parent_and_key
    rows = select_in_project(actor, model, project).where(model.number == number)
    row, parent_row = get_row(rows.add_columns(parent).join(parent, parent.id == parent_id))
    return row, parent_row


def find_by_id(actor: Actor, model: type[Row], project: Project, id_: UUID | None) -> Row | None:
    """Return the row to which a foreign key of the same project's row points, if any."""
    if id_ is None:
        return None
    return db.session.scalar(select_in_project(actor, model, project).where(model.id == id_))


def find_page_number(query: Any, page: int | PageContainingNumber, *order: Any) -> int:
    """The number of a page of a statement in an order: of the row's, or the first without that row."""
    if isinstance(page, int):
        return page
    places = query.add_columns(func.row_number().over(order_by=order).label("place")).subquery()
    place = db.session.scalar(select(places.c.place).where(places.c.number == page.number)) or 1
    return -(-place // PER_PAGE)


def read_list_page(query: Select[Row], page: int | PageContainingNumber, *order: Any) -> ListPage[Row]:
    """Return the requested page (`PER_PAGE` rows), or the last one if there are fewer pages."""
    return read_column_page(query, page, lambda row: row, *order)


def read_column_page(
    query: Any, page: int | PageContainingNumber, build: Callable[..., Item], *order: Any, counted: Any = None
) -> ListPage[Item]:
    """Return the same page of a statement of several columns; `build` gets those of a row.

    `counted` selects the same rows without the joins that need not be counted.
    """
    page = find_page_number(query, page, *order)
    all_rows = (query if counted is None else counted).order_by(None).subquery()
    count = select(func.count()).select_from(all_rows).scalar_subquery()
    ordered = query.add_columns(count).order_by(*order).limit(PER_PAGE)
    rows = db.session.execute(ordered.offset((page - 1) * PER_PAGE)).all()
    if not rows and page > 1:  # beyond the last page
        page = max(1, -(-(db.session.scalar(select(count)) or 0) // PER_PAGE))
        rows = db.session.execute(ordered.offset((page - 1) * PER_PAGE)).all()
    return ListPage([build(*row[:-1]) for row in rows], rows[0][-1] if rows else 0, page)


def read_joined_page(
    query: Select[*tuple[Any, ...]], page: int, build: Callable[..., Item]
) -> ListPage[Item]:
    """Return the requested page of ordered rows with columns; `build` makes an item of each row.

    Reads rows and count in one statement; page 1 when `page` is beyond the last.
    """
    counted = query.add_columns(func.count().over())
    rows = db.session.execute(counted.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    if not rows and page > 1:
        return read_joined_page(query, 1, build)
    return ListPage([build(*row[:-1]) for row in rows], rows[0][-1] if rows else 0, page)


def next_row_number(model: type[Numbered], project: Project) -> int:
    """Return the number of the next row of a model.

    Locks the project until the end of the transaction, so that concurrent commands get different
    numbers. Raises `RuleBroken` on the whole form at the limit of `NUMBER_MAX` rows.
    """
    lock_row(Project, project.id)
    last = db.session.scalar(select(func.max(model.number)).where(model.project_id == project.id))
    if (last or 0) >= NUMBER_MAX:
        raise RuleBroken(None, _("Ce projet en a déjà %(n)s, c’est la limite.", n=NUMBER_MAX))
    return (last or 0) + 1

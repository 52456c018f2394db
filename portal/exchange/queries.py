"""Reading imports, their lines, and what the lines of a file meet in the backlog."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.accounts.models import Person
from portal.backlog.flow import State
from portal.backlog.listing import Filters, select_items
from portal.backlog.models import Item, ItemEvent, Iteration
from portal.exchange import policy
from portal.exchange.comparison import Outcome, Place
from portal.exchange.mapping import Choices, Wanted
from portal.exchange.models import BacklogImport, ImportLine, ItemSource, KeptChoices
from portal.exchange.team import Member, Team
from portal.exchange.tools import Tool
from portal.kernel.access import Actor
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.programmes import policy as programmes
from portal.programmes.models import RoleAssignment
from portal.projects.models import Project

PER_PAGE = 50
AT_ONCE = 500  # items of an export held together


@dataclass(frozen=True)
class Met:
    """An item that a line of the file is about, as it stands."""

    item_id: UUID
    number: int
    values: Mapping[str, Any]
    place: Place
    told: Mapping[str, Any] | None  # by the last import


def get_import(actor: Actor, project: Project, id_: UUID) -> BacklogImport:
    one = sa.select(BacklogImport).where(
        BacklogImport.id == id_, BacklogImport.project_id == project.id
    )
    found = db.session.scalar(one.where(policy.visible_to(actor)))
    if found is None:
        raise NotFound
    return found


def find_own(actor: Actor, project: Project) -> BacklogImport | None:
    """The one that this person has under way in this project."""
    mine = sa.select(BacklogImport).where(BacklogImport.project_id == project.id)
    latest = mine.where(policy.visible_to(actor)).order_by(BacklogImport.created_at.desc())
    return db.session.scalars(latest.limit(1)).first()


def read_project(id_: UUID) -> Project:
    """For the worker, which asks nobody's leave to read what it has taken."""
    return db.session.scalars(sa.select(Project).where(Project.id == id_)).one()


def locale_of(person_id: UUID) -> str:
    """The language of whoever brought the file."""
    return db.session.scalars(sa.select(Person.locale).where(Person.id == person_id)).one()


def team_of(session: Session, imported: BacklogImport) -> Team:
    """Those whom an item may be given to."""
    people = sa.select(Person.id, Person.name, Person.email).where(
        Person.id.in_(
            sa.select(RoleAssignment.person_id).where(
                RoleAssignment.scope_id == imported.project_id,
                RoleAssignment.role.in_(programmes.TEAM),
            )
        )
    )
    return Team(Member(str(row.id), row.name, row.email) for row in session.execute(people))


def names_of(lines: Sequence[Any]) -> Mapping[str, str]:
    """By their ids: the people whom these lines name, here or in the file."""
    ids = {line.values.get("assignee") for line in lines}
    ids |= {
        one[side]
        for line in lines
        for one in line.changes
        if one["field"] == "assignee"
        for side in ("here", "file")
    }
    named = sa.select(Person.id, Person.name).where(
        Person.id.in_([UUID(id_) for id_ in ids if id_])
    )
    return {str(id_): name for id_, name in db.session.execute(named)}


def last_event(session: Session, project_id: UUID) -> int:
    """The number of the backlog's last event, 0 before any, as this session sees it."""
    last = sa.select(sa.func.max(ItemEvent.number)).where(ItemEvent.project_id == project_id)
    return session.scalar(last) or 0


def each_item(project: Project, filters: Filters) -> Iterator[Any]:
    """All the items of a list, some at a time; the caller was allowed to see the project."""
    columns = (
        *(Item.number, Item.title, Item.kind, Item.state, Item.points, Item.block_reason),
        *(Item.description, Item.created_at, Item.done_at, Item.gone_at),
        *(Person.name.label("assignee"), Iteration.number.label("sprint")),
    )
    items = select_items(project.id, filters, columns)
    yield from db.session.execute(items.execution_options(yield_per=AT_ONCE))


def find_choices(project_id: UUID, tool: Tool) -> Choices | None:
    """What the team chose for this tool's last file."""
    kept = db.session.scalar(
        sa.select(KeptChoices.choices).where(
            KeptChoices.project_id == project_id, KeptChoices.tool == tool
        )
    )
    return None if kept is None else Choices.from_json(kept)


@dataclass(frozen=True)
class Page:
    """Some lines of an import, and how many pages of them there are."""

    lines: Sequence[Any]
    page: int
    pages: int


def list_lines(import_id: UUID, outcome: Outcome | None, page: int) -> Page:
    """A page of the lines with that outcome; None: those with a note or an error."""
    mine = ImportLine.import_id == import_id
    if outcome is None:
        mine = sa.and_(mine, sa.or_(ImportLine.outcome == Outcome.ERROR, ImportLine.noted))
    else:
        mine = sa.and_(mine, ImportLine.outcome == outcome)
    first = (ImportLine.mine.desc(),) if outcome is Outcome.CHANGED else ()
    lines = sa.select(ImportLine).where(mine).order_by(*first, ImportLine.position)
    return _page(lines, sa.select(sa.func.count()).select_from(ImportLine).where(mine), page)


def list_absent(imported: BacklogImport, page: int) -> Page:
    """Items that came from this tool and are not in the file: number and title."""
    lines: Any = sa.select(Item.number, Item.title).join(ItemSource, ItemSource.item_id == Item.id)
    lines = lines.where(*_absent(imported)).order_by(Item.number)
    return _page(lines, sa.select(sa.func.count()).select_from(lines.subquery()), page)


def count_absent(session: Session, imported: BacklogImport) -> int:
    lines = sa.select(ItemSource.item_id).join(Item, Item.id == ItemSource.item_id)
    lines = lines.where(*_absent(imported))
    return session.scalar(sa.select(sa.func.count()).select_from(lines.subquery())) or 0


def _absent(imported: BacklogImport) -> tuple[sa.ColumnElement[bool], ...]:
    there = sa.select(ImportLine.item_id).where(
        ImportLine.import_id == imported.id, ImportLine.item_id.is_not(None)
    )
    return (
        ItemSource.project_id == imported.project_id,
        ItemSource.tool == imported.tool,
        Item.gone_at.is_(None),
        ItemSource.item_id.not_in(there),
    )


def _page(lines: sa.Select[Any], count: sa.Select[Any], page: int) -> Page:
    total = db.session.scalar(count) or 0
    pages = max(1, -(-total // PER_PAGE))
    page = min(page, pages)
    found = db.session.execute(lines.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    return Page([row[0] if len(row) == 1 else row for row in found], page, pages)


def meet(session: Session, imported: BacklogImport, wanted: Sequence[Wanted]) -> dict[int, Met]:
    """By its line in the file: the item that each is about, for those that are there already.

    An own address names the item. Otherwise where it came from does: by its address or its id; an
    id alone is trusted where only one of the two has an address.
    """
    lines = [one for one in wanted if one.ref]
    own = {number: one for one in lines if (number := own_number(imported, one.ref))}
    keys = [one.key for one in lines if one.key]
    refs = [one.ref for one in lines]
    here = ItemSource.project_id == imported.project_id, ItemSource.tool == imported.tool
    told = sa.or_(
        sa.and_(ItemSource.ref.in_(refs)), sa.and_(ItemSource.key.in_(keys), ItemSource.key != "")
    )
    rows = session.execute(
        _MET.join(ItemSource, ItemSource.item_id == Item.id)
        .add_columns(ItemSource.ref, ItemSource.key, ItemSource.told)
        .where(*here, told)
    ).all()
    by_ref = {row.ref: row for row in rows}
    by_key = {row.key: row for row in rows if row.key}
    found: dict[int, Met] = {}
    for one in lines:
        row = by_ref.get(one.ref) or _by_key(by_key, one)
        if row is not None:
            found[one.line] = _met(row, row.told)
    numbered = _MET.where(Item.project_id == imported.project_id, Item.number.in_(list(own)))
    for row in session.execute(numbered) if own else ():
        found[own[row.number].line] = _met(row, None)
    return found


def own_number(imported: BacklogImport, ref: str) -> int | None:
    """The number of the item of this very project that an address is the page of."""
    if imported.tool is not Tool.PORTAL:
        return None
    last = ref.removeprefix(f"{imported.home}/")
    return (
        int(last) if last != ref and last.isascii() and last.isdecimal() and len(last) < 6 else None
    )


def _by_key(by_key: Mapping[str, Any], one: Wanted) -> Any:
    row = by_key.get(one.key) if one.key else None
    if row is None or not (row.ref == f"#{one.key}" or one.ref == f"#{one.key}"):
        return None
    return row


_MET: Any = sa.select(
    Item.id,
    Item.number,
    Item.title,
    Item.kind,
    Item.points,
    Item.state,
    Item.description,
    Item.assignee_id,
    Item.gone_at,
    Item.iteration_id,
    Iteration.started_at,
    Iteration.closed_at,
).outerjoin(Iteration, Iteration.id == Item.iteration_id)


def _met(row: Any, told: Mapping[str, Any] | None) -> Met:
    values = {
        "title": row.title,
        "kind": row.kind.value,
        "points": row.points,
        "state": row.state.value,
        "description": row.description,
        "assignee": row.assignee_id and str(row.assignee_id),
    }
    return Met(row.id, row.number, values, _place(row), told)


def _place(row: Any) -> Place:
    if row.gone_at is not None:
        return Place.GONE
    if row.iteration_id is None:
        return Place.BACKLOG
    if row.closed_at is not None:
        return Place.CLOSED if row.state is State.DONE else Place.BACKLOG
    return Place.ACTIVE if row.started_at is not None else Place.PLANNED

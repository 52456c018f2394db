"""Queries on imports, their lines, and the items that lines match."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.people.accounts.models import Person
from portal.people.programmes import policy as programmes
from portal.people.programmes.models import RoleAssignment
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import require_row
from portal.project.projects.models import Project
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.item_list_queries import BacklogFilters, select_items
from portal.sprints.backlog.models import Item, Iteration
from portal.sprints.backlog_import import policy
from portal.sprints.backlog_import.choice_rules import ImportChoices
from portal.sprints.backlog_import.comparison_rules import ImportLineOutcome, ItemLocation
from portal.sprints.backlog_import.mapping_rules import ParsedRecord
from portal.sprints.backlog_import.models import BacklogImport, ImportLine, ItemSource, SavedChoices
from portal.sprints.backlog_import.team_rules import TeamMember, TeamMemberIndex
from portal.sprints.backlog_import.tool_rules import Tool

PER_PAGE = 50
EXPORT_BATCH = 500  # items of an export in memory


@dataclass(frozen=True)
class MatchedItem:
    """An item that a line refers to, with its current values."""

    item_id: UUID
    number: int
    values: Mapping[str, Any]
    location: ItemLocation
    imported_values: Mapping[str, Any] | None  # of the last import


def get_import(actor: Actor, project: Project, id_: UUID) -> BacklogImport:
    """Raises `NotFound`."""
    statement = sa.select(BacklogImport).where(
        BacklogImport.id == id_, BacklogImport.project_id == project.id
    )
    return require_row(db.session.scalar(statement.where(policy.visible_to(actor))))


def find_own_import(actor: Actor, project: Project) -> BacklogImport | None:
    """The person's latest import in this project."""
    project_imports = sa.select(BacklogImport).where(BacklogImport.project_id == project.id)
    latest = project_imports.where(policy.visible_to(actor)).order_by(BacklogImport.created_at.desc())
    return db.session.scalars(latest.limit(1)).first()


def get_project_for_worker(id_: UUID) -> Project:
    """The project of a claimed import, for the worker, which needs no permission."""
    return db.session.scalars(sa.select(Project).where(Project.id == id_)).one()


def get_person_locale(person_id: UUID) -> str:
    """The language of a person."""
    return db.session.scalars(sa.select(Person.locale).where(Person.id == person_id)).one()


def get_team_index(session: Session, imported: BacklogImport) -> TeamMemberIndex:
    """The possible assignees."""
    people = sa.select(Person.id, Person.name, Person.email).where(
        Person.id.in_(
            sa.select(RoleAssignment.person_id).where(
                RoleAssignment.scope_id == imported.project_id, RoleAssignment.role.in_(programmes.TEAM)
            )
        )
    )
    members = [TeamMember(str(row.id), row.name, row.email) for row in session.execute(people)]
    return TeamMemberIndex(members, ImportChoices.from_json(imported.choices).people)


def read_team_index(imported: BacklogImport) -> TeamMemberIndex:
    """The same within a request."""
    return get_team_index(db.session(), imported)


def map_person_names(lines: Sequence[Any]) -> Mapping[str, str]:
    """The names by id of the assignees in these lines, of items and of the file."""
    ids = {line.values.get("assignee") for line in lines}
    ids |= {
        change[side]
        for line in lines
        for change in line.changes
        if change["field"] == "assignee"
        for side in ("here", "file")
    }
    named = sa.select(Person.id, Person.name).where(Person.id.in_([UUID(id_) for id_ in ids if id_]))
    return {str(id_): name for id_, name in db.session.execute(named)}


def iterate_items(project: Project, filters: BacklogFilters) -> Iterator[Any]:
    """All items of a list, in batches. The caller has checked that the actor sees the project."""
    columns = (
        *(Item.number, Item.title, Item.kind, Item.state, Item.points, Item.block_reason),
        *(Item.description, Item.created_at, Item.done_at, Item.gone_at),
        *(Person.name.label("assignee"), Iteration.number.label("sprint")),
    )
    items = select_items(project.id, filters, columns)
    yield from db.session.execute(items.execution_options(yield_per=EXPORT_BATCH))


def find_saved_choices(project_id: UUID, tool: Tool) -> ImportChoices | None:
    """The team's choices for the last file of a tool."""
    stored_choices = db.session.scalar(
        sa.select(SavedChoices.choices).where(
            SavedChoices.project_id == project_id, SavedChoices.tool == tool
        )
    )
    return None if stored_choices is None else ImportChoices.from_json(stored_choices)


@dataclass(frozen=True)
class ImportLinePage:
    """A page of lines, its number, and the number of pages."""

    lines: Sequence[Any]
    page: int
    pages: int


def get_import_line_page(import_id: UUID, outcome: ImportLineOutcome | None, page: int) -> ImportLinePage:
    """A page of the lines with an outcome; None: those with problems."""
    condition = ImportLine.import_id == import_id
    if outcome is None:
        condition = sa.and_(
            condition, sa.or_(ImportLine.outcome == ImportLineOutcome.ERROR, ImportLine.noted)
        )
    else:
        condition = sa.and_(condition, ImportLine.outcome == outcome)
    first = (ImportLine.mine.desc(),) if outcome is ImportLineOutcome.CHANGED else ()
    lines = sa.select(ImportLine).where(condition).order_by(*first, ImportLine.position)
    return _read_line_page(lines, sa.select(sa.func.count()).select_from(ImportLine).where(condition), page)


def list_lines_from(
    imported: BacklogImport, outcome: ImportLineOutcome | None, position: int, limit: int
) -> Sequence[ImportLine]:
    """Lines from a position on, with an outcome or any."""
    lines = sa.select(ImportLine).where(ImportLine.import_id == imported.id, ImportLine.position >= position)
    lines = lines if outcome is None else lines.where(ImportLine.outcome == outcome)
    return db.session.scalars(lines.order_by(ImportLine.position).limit(limit)).all()


def get_absent_item_page(imported: BacklogImport, page: int) -> ImportLinePage:
    """A page of (number, title) of items from this tool that are not in the file."""
    lines: Any = sa.select(Item.number, Item.title).join(ItemSource, ItemSource.item_id == Item.id)
    lines = lines.where(*_absent_item_conditions(imported)).order_by(Item.number)
    return _read_line_page(lines, sa.select(sa.func.count()).select_from(lines.subquery()), page)


def count_absent_items(session: Session, imported: BacklogImport) -> int:
    """The number of items that `get_absent_item_page` lists."""
    lines = sa.select(ItemSource.item_id).join(Item, Item.id == ItemSource.item_id)
    lines = lines.where(*_absent_item_conditions(imported))
    return session.scalar(sa.select(sa.func.count()).select_from(lines.subquery())) or 0


def _absent_item_conditions(imported: BacklogImport) -> tuple[sa.ColumnElement[bool], ...]:
    matched_ids = sa.select(ImportLine.item_id).where(
        ImportLine.import_id == imported.id, ImportLine.item_id.is_not(None)
    )
    return (
        ItemSource.project_id == imported.project_id,
        ItemSource.tool == imported.tool,
        Item.gone_at.is_(None),
        ItemSource.item_id.not_in(matched_ids),
    )


def _read_line_page(lines: sa.Select[Any], count: sa.Select[Any], page: int) -> ImportLinePage:
    total = db.session.scalar(count) or 0
    pages = max(1, -(-total // PER_PAGE))
    page = min(page, pages)
    rows = db.session.execute(lines.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    return ImportLinePage([row[0] if len(row) == 1 else row for row in rows], page, pages)


def match_items(
    session: Session, imported: BacklogImport, parsed_records: Sequence[ParsedRecord]
) -> dict[int, MatchedItem]:
    """The existing items that records refer to, by line number.

    A record refers to an item by its address in this portal, or by the address or id of its source.
    An id alone counts only when one of the two has no address.
    """
    lines = [parsed for parsed in parsed_records if parsed.ref]
    parsed_by_number = {
        number: parsed for parsed in lines if (number := parse_own_item_number(imported, parsed.ref))
    }
    keys = [parsed.key for parsed in lines if parsed.key]
    refs = [parsed.ref for parsed in lines]
    same_tool = ItemSource.project_id == imported.project_id, ItemSource.tool == imported.tool
    same_source = sa.or_(
        sa.and_(ItemSource.ref.in_(refs)), sa.and_(ItemSource.key.in_(keys), ItemSource.key != "")
    )
    rows = session.execute(
        _SELECT_ITEMS.join(ItemSource, ItemSource.item_id == Item.id)
        .add_columns(ItemSource.ref, ItemSource.key, ItemSource.imported_values)
        .where(*same_tool, same_source)
    ).all()
    by_ref = {row.ref: row for row in rows}
    by_key = {row.key: row for row in rows if row.key}
    matches: dict[int, MatchedItem] = {}
    for parsed in lines:
        row = by_ref.get(parsed.ref) or _find_row_by_key(by_key, parsed)
        if row is not None:
            matches[parsed.line] = _build_matched_item(row, row.imported_values)
    numbered = _SELECT_ITEMS.where(
        Item.project_id == imported.project_id, Item.number.in_(list(parsed_by_number))
    )
    for row in session.execute(numbered) if parsed_by_number else ():
        matches[parsed_by_number[row.number].line] = _build_matched_item(row, None)
    return matches


def parse_own_item_number(imported: BacklogImport, ref: str) -> int | None:
    """The number in the address of an item of the same project; None for other addresses."""
    if imported.tool is not Tool.PORTAL:
        return None
    last = ref.removeprefix(f"{imported.home}/")
    return int(last) if last != ref and last.isascii() and last.isdecimal() and len(last) < 6 else None


def _find_row_by_key(by_key: Mapping[str, Any], parsed: ParsedRecord) -> Any:
    row = by_key.get(parsed.key) if parsed.key else None
    if row is None or not (row.ref == f"#{parsed.key}" or parsed.ref == f"#{parsed.key}"):
        return None
    return row


_SELECT_ITEMS: Any = sa.select(
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


def _build_matched_item(row: Any, imported_values: Mapping[str, Any] | None) -> MatchedItem:
    values = {
        "title": row.title,
        "kind": row.kind.value,
        "points": row.points,
        "state": row.state.value,
        "description": row.description,
        "assignee": row.assignee_id and str(row.assignee_id),
    }
    return MatchedItem(row.id, row.number, values, _locate_item(row), imported_values)


def _locate_item(row: Any) -> ItemLocation:
    if row.gone_at is not None:
        return ItemLocation.DROPPED
    if row.iteration_id is None:
        return ItemLocation.BACKLOG
    if row.closed_at is not None:
        return ItemLocation.CLOSED if row.state is ItemState.DONE else ItemLocation.BACKLOG
    return ItemLocation.ACTIVE if row.started_at is not None else ItemLocation.PLANNED

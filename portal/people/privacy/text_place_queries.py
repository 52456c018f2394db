"""Where a text stands, for whoever decides on it: which domain, by whom, when, in which team."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from portal.people.accounts.queries import read_person_names
from portal.people.privacy.mention_queries import build_rows_condition
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.database import db
from portal.platform.kernel.personal_data import (
    PersonalDataset,
    PersonalTable,
    PersonalTextRedaction,
    RowKey,
    ScopeNameSource,
    TextPageSource,
    refers_to_person,
)

SCOPE_COLUMNS = ("project_id", "programme_id", "scope_id")
STEPS_MAX = 4  # rows from a text to what it belongs to
LinkedRow = tuple[sa.Table, Mapping[str, Any]]
ParentKey = tuple[sa.Column[Any], Any]


@dataclass(frozen=True)
class TextOrigin:
    """`domain` is the label of a feature, or of the kind of row, "" where none names the table; `file`,
    `author` and `place` are names, "" where the row has none."""

    domain: str
    file: str
    author: str
    at: datetime | None
    place: str


def read_text_origins(
    keys: Mapping[sa.Table, Sequence[RowKey]],
) -> Mapping[tuple[sa.Table, RowKey], TextOrigin]:
    """The places of the texts of rows, a few statements a table; empty for a row that is gone."""
    rows = {
        (table, key): own_rows.get(key, {})
        for table, table_keys in keys.items()
        for own_rows in (_read_row_ids_and_times(table, build_rows_condition(table, table_keys)),)
        for key in table_keys
    }
    creations = _read_creation_events({place: row for place, row in rows.items() if row})
    authors = {
        place: _find_author_id(place[0], row) or (creations[place].actor_id if place in creations else None)
        for place, row in rows.items()
    }
    scopes = _map_texts_to_scope_ids({place: [(place[0], row)] for place, row in rows.items()})
    names = read_person_names([author_id for author_id in authors.values() if author_id])
    scope_names = read_scope_names(set(scopes.values()))
    return {
        place: TextOrigin(
            domain=_find_domain_label(place[0]),
            file=_find_name_of_file_with_text(place[0], creations.get(place)),
            author=names[author_id] if (author_id := authors[place]) else "",
            at=row.get("created_at") or (creations[place].created_at if place in creations else None),
            place=scope_names.get(scopes[place], "") if place in scopes else "",
        )
        for place, row in rows.items()
    }


def _read_creation_events(
    rows: Mapping[tuple[sa.Table, RowKey], Mapping[str, Any]],
) -> Mapping[tuple[sa.Table, RowKey], AuditEvent]:
    """The first line of the trail on each row, where it has one: two statements."""
    ids = {place: place[1][0] for place in rows if len(place[1]) == 1 and isinstance(place[1][0], UUID)}
    rank = sa.func.row_number().over(partition_by=AuditEvent.subject_id, order_by=AuditEvent.id)
    lines = sa.select(AuditEvent.id, rank.label("rank")).where(AuditEvent.subject_id.in_(set(ids.values())))
    ranked = lines.subquery()
    firsts = sa.select(AuditEvent).join(ranked, ranked.c.id == AuditEvent.id).where(ranked.c.rank == 1)
    firsts_by_row = {event.subject_id: event for event in db.session.scalars(firsts)}
    return {place: firsts_by_row[id_] for place, id_ in ids.items() if id_ in firsts_by_row}


def _find_name_of_file_with_text(table: sa.Table, creation: AuditEvent | None) -> str:
    """The name of the file whose text a row holds, "" for any other row."""
    is_file = any(
        each.redact and each.model.__tablename__ == table.name
        for each in list_contributions(PersonalTextRedaction)
    )
    name = creation.facts.get("name") if creation and is_file else None
    return str(name) if name else ""


def find_scope_name(scope_id: UUID) -> str:
    """The name of a project or programme, "" where no feature knows it."""
    return read_scope_names([scope_id]).get(scope_id, "")


def read_scope_names(scope_ids: Collection[UUID]) -> Mapping[UUID, str]:
    if not scope_ids:
        return {}
    return {
        id_: name
        for each in list_contributions(ScopeNameSource)
        for id_, name in each.read(list(scope_ids)).items()
    }


def _find_domain_label(table: sa.Table) -> str:
    dataset, _personal = _find_dataset_and_table(table)
    return str(dataset.label) if dataset else _find_row_kind_label(table.name)


def _find_row_kind_label(table_name: str) -> str:
    return next((name for each in list_contributions(TextPageSource) if (name := each.name(table_name))), "")


def _find_dataset_and_table(table: sa.Table) -> tuple[PersonalDataset | None, PersonalTable | None]:
    for dataset in list_contributions(PersonalDataset):
        for personal in dataset.tables:
            if personal.table is table:
                return dataset, personal
    return None, None


def _find_author_id(table: sa.Table, row: Mapping[str, Any]) -> UUID | None:
    _dataset, personal = _find_dataset_and_table(table)
    declared = personal.writer_columns if personal else ()
    columns = [*declared, *(column.name for column in table.columns if refers_to_person(column))]
    return next((row[name] for name in columns if row.get(name)), None)


def _read_row_ids_and_times(
    table: sa.Table, condition: sa.ColumnElement[bool]
) -> Mapping[RowKey, Mapping[str, Any]]:
    """The ids and the time of rows, by their keys."""
    primary = [column.name for column in table.primary_key.columns]
    columns = [
        each
        for each in table.columns
        if isinstance(each.type, sa.Uuid) or each.name == "created_at" or each.primary_key
    ]
    rows = db.session.execute(sa.select(*columns).where(condition)).mappings().all()
    return {tuple(row[name] for name in primary): dict(row) for row in rows}


def _map_texts_to_scope_ids(
    waiting: Mapping[Any, Sequence[LinkedRow]], steps: int = STEPS_MAX
) -> Mapping[Any, UUID]:
    """The projects or programmes of texts: of their row, else of the nearest that it belongs to."""
    scope_ids, next_keys = {}, {}
    for place, rows in waiting.items():
        own = next((row[name] for _table, row in rows for name in SCOPE_COLUMNS if row.get(name)), None)
        if own:
            scope_ids[place] = own
        else:
            next_keys[place] = [parent for table, row in rows for parent in _list_parent_keys(table, row)]
    next_keys = {place: parents for place, parents in next_keys.items() if parents}
    if not next_keys or not steps:
        return scope_ids
    rows_of = _read_parent_rows({parent for parents in next_keys.values() for parent in parents})
    above = {
        place: [rows_of[parent] for parent in parents if parent in rows_of]
        for place, parents in next_keys.items()
    }
    return scope_ids | dict(_map_texts_to_scope_ids(above, steps - 1))


def _list_parent_keys(table: sa.Table, row: Mapping[str, Any]) -> Sequence[ParentKey]:
    """The columns that a row refers to, other than people's, with their values."""
    return [
        (next(iter(column.foreign_keys)).column, row[column.name])
        for column in table.columns
        if column.foreign_keys and not refers_to_person(column) and row.get(column.name)
    ]


def _read_parent_rows(parents: Collection[ParentKey]) -> Mapping[ParentKey, LinkedRow]:
    """Rows by the column and value that a child names: one statement a column."""
    values: dict[sa.Column[Any], list[Any]] = defaultdict(list)
    for column, value in parents:
        values[column].append(value)
    return {
        (column, row[column.name]): (column.table, row)
        for column, own_values in values.items()
        for row in _read_row_ids_and_times(column.table, column.in_(own_values)).values()
    }

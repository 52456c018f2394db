"""The rows that leave with a programme, by the keys of their tables: found by foreign keys, as its
archive is, so that a new feature's rows leave without being named.

The money stays, as long as accounting asks for it: agreements, instalments with their documents, the
ledger and the reports, with what these refer to.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from portal.app.archives.rows import list_parent_columns, list_scope_ids
from portal.platform.kernel.database import Base, db
from portal.project.projects.models import Project

BATCH = 200  # rows of one statement
RowKey = tuple[Any, ...]  # the values of a row's primary key
MONEY = "portal.funding."  # the wing whose tables stay
# What remains of the programme itself; the index of search is emptied by its own command.
REMAINING_TABLES = frozenset(
    {
        "programme",
        "programme_archive",
        "programme_departure",
        "former_role",
        "emptying_permit",
        "redaction_permit",
        "search_entry",
    }
)


def read_leaving_row_keys(programme_id: UUID) -> Mapping[str, Sequence[RowKey]]:
    """The keys of all rows that leave, by table, the last to be deleted first."""
    keys = _read_programme_keys(programme_id)
    money = _list_money_tables()
    kept_rows: dict[str, set[RowKey]] = {"scope": {(programme_id,)}}
    _mark_kept_attachments(keys, kept_rows, money)
    for table in reversed(Base.metadata.sorted_tables):
        if table.name not in keys or table.name in REMAINING_TABLES:
            continue
        own_kept = set(keys[table.name]) if table.name in money else kept_rows.get(table.name, set())
        _mark_referenced_rows_kept(table, own_kept, keys, kept_rows)
        keys[table.name] = _order_referring_rows_first(
            table, [key for key in keys[table.name] if key not in own_kept]
        )
    return {name: rows for name, rows in keys.items() if rows and name not in REMAINING_TABLES}


def _list_money_tables() -> frozenset[str]:
    return frozenset(
        mapper.local_table.name  # type: ignore[attr-defined]
        for mapper in Base.registry.mappers
        if mapper.class_.__module__.startswith(MONEY)
    )


def _read_programme_keys(programme_id: UUID) -> dict[str, Sequence[RowKey]]:
    """The keys of every row of the programme: its own, its projects', and what hangs on these."""
    projects = db.session.scalars(sa.select(Project.id).where(Project.programme_id == programme_id))
    keys: dict[str, Sequence[RowKey]] = {
        "scope": [(id_,) for id_ in list_scope_ids(programme_id)],
        "programme": [(programme_id,)],
        "project": [(id_,) for id_ in projects],
    }
    for table in Base.metadata.sorted_tables:
        if table.name not in keys and (parents := list_parent_columns(table, keys)):
            keys[table.name] = sorted(
                {
                    key
                    for column, name in parents
                    for ids in cut_into_batches([key[0] for key in keys[name]])
                    for key in _read_row_keys(table, column.in_(ids))
                },
                key=lambda key: tuple(map(str, key)),
            )
    order = [table.name for table in Base.metadata.sorted_tables]
    return dict(sorted(keys.items(), key=lambda each: order.index(each[0])))


def _read_row_keys(table: sa.Table, condition: sa.ColumnElement[bool]) -> Sequence[RowKey]:
    statement = sa.select(*table.primary_key.columns).where(condition)
    return [tuple(row) for row in db.session.execute(statement)]


def _mark_kept_attachments(
    keys: Mapping[str, Sequence[RowKey]], kept_rows: dict[str, set[RowKey]], money: frozenset[str]
) -> None:
    """Keep the files attached to what is kept: they refer to it without a foreign key."""
    files = Base.metadata.tables["attachment"]
    kept_rows["attachment"] = {
        key
        for part in cut_into_batches(keys.get("attachment", ()))
        for key in _read_row_keys(files, build_keys_condition(files, part) & files.c.subject.in_(money))
    }


def _mark_referenced_rows_kept(
    table: sa.Table,
    rows: set[RowKey],
    keys: Mapping[str, Sequence[RowKey]],
    kept_rows: dict[str, set[RowKey]],
) -> None:
    if not rows:
        return
    for column, name in list_parent_columns(table, keys):
        for part in cut_into_batches(sorted(rows, key=str)):
            values = (
                sa.select(column).where(build_keys_condition(table, part), column.is_not(None)).distinct()
            )
            kept_rows.setdefault(name, set()).update((id_,) for id_ in db.session.scalars(values))


def _order_referring_rows_first(table: sa.Table, keys: Sequence[RowKey]) -> Sequence[RowKey]:
    """The keys with rows that refer to others of their table before these."""
    for column, _name in list_parent_columns(table, {table.name}):
        refers: dict[RowKey, RowKey] = {}
        for part in cut_into_batches(keys):
            pairs = sa.select(*table.primary_key.columns, column).where(build_keys_condition(table, part))
            refers |= {tuple(row[:-1]): (row[-1],) for row in db.session.execute(pairs) if row[-1]}

        def depth(key: RowKey, refers: Mapping[RowKey, RowKey] = refers) -> int:
            steps = 0
            while key in refers and steps < len(refers):
                key, steps = refers[key], steps + 1
            return steps

        keys = sorted(keys, key=depth, reverse=True)
    return keys


def build_keys_condition(table: sa.Table, keys: Sequence[RowKey]) -> sa.ColumnElement[bool]:
    """The condition on the rows of these keys."""
    columns = list(table.primary_key.columns)
    if len(columns) == 1:
        return columns[0].in_([key[0] for key in keys])
    return sa.tuple_(*columns).in_(keys)


def cut_into_batches(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """The rows in parts of a batch."""
    for begin in range(0, len(rows), BATCH):
        yield rows[begin : begin + BATCH]

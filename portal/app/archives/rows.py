"""The rows of a programme: its own, those of its projects, and what hangs on them, table by table.

Tables are found by their foreign keys, so that a new feature is in the archive without being named.
"""

import re
from collections.abc import Container, Iterator, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from portal.people.privacy.row_queries import PlainRow, to_json_value
from portal.people.programmes.models import Scope
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.database import Base, db
from portal.platform.kernel.personal_data import ErasureEffect, PersonalDataset

BATCH = 500
# What only its person, a machine or the search reads, and scores of jurors, which a lead reads only
# once they are open: the ranking says what came of them.
LEFT_OUT = re.compile(
    r"^(search_.*|programme_archive|webhook.*|api_.*|machine_.*|jury_.*|.*score.*|.*conflict.*|call_source"
    r"|application_(source|file|import)|imported_file|source_reply.*|participant_link|attachment_text"
    r"|backlog_import|import_.*|results_import|satisfaction_given)$"
)
SECRET = re.compile(r"token|secret|password|_hash$|^key$|_fold$")
ALWAYS = frozenset({"role_assignment"})
ROOTS = frozenset({"scope", "programme", "project"})


def list_scope_ids(programme_id: UUID) -> list[UUID]:
    """The ids of a programme and of its projects."""
    scopes = sa.select(Scope.id).where(sa.or_(Scope.id == programme_id, Scope.parent_id == programme_id))
    return list(db.session.scalars(scopes.order_by(Scope.id)))


def list_parent_columns(table: sa.Table, names: Container[str]) -> list[tuple[sa.Column[Any], str]]:
    """The foreign keys of a table to others among these, each with the name of the other one."""
    return [
        (column, key.column.table.name)
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name in names and key.column.primary_key
    ]


class ProgrammeTableReader:
    """Reads a programme's tables in the order of their dependencies, within one transaction."""

    def __init__(self, programme_id: UUID) -> None:
        ids = list_scope_ids(programme_id)
        self.scope_ids: Sequence[UUID] = ids
        self._ids: dict[str, list[Any]] = {
            "scope": ids,
            "programme": [programme_id],
            "project": [id_ for id_ in ids if id_ != programme_id],
        }
        self.people: set[UUID] = set()

    def iterate_tables(self) -> Iterator[tuple[str, Sequence[PlainRow]]]:
        """Name and rows of each table that holds any; a table follows those that it refers to."""
        left_out = _list_tables_left_out()
        for table in Base.metadata.sorted_tables:
            if LEFT_OUT.match(table.name) or (table.name in left_out and table.name not in ALWAYS):
                continue
            rows = self._read_rows(table)
            if rows:
                yield table.name, rows

    def _read_rows(self, table: sa.Table) -> Sequence[PlainRow]:
        parents = self._list_programme_columns(table)
        if not parents:
            return []
        columns = [
            column
            for column in table.columns
            if not isinstance(column.type, sa.LargeBinary) and not SECRET.search(column.name)
        ]
        rows_by_key: dict[tuple[Any, ...], dict[str, Any]] = {}
        for column, name in parents:
            ids = self._ids[name]
            for begin in range(0, len(ids), BATCH):
                statement = sa.select(*columns).where(column.in_(ids[begin : begin + BATCH]))
                for row in db.session.execute(statement).mappings():
                    key = tuple(row[each.name] for each in table.primary_key.columns)
                    rows_by_key[key] = dict(row)
        self._remember_ids(table, rows_by_key)
        return [
            {name: to_json_value(value) for name, value in rows_by_key[key].items()}
            for key in sorted(rows_by_key, key=lambda parts: tuple(map(str, parts)))
        ]

    def _list_programme_columns(self, table: sa.Table) -> list[tuple[sa.Column[Any], str]]:
        """The columns by which a row belongs to the programme, each with the table it refers to."""
        if table.name in ROOTS:
            return [(next(iter(table.primary_key.columns)), table.name)]
        return list_parent_columns(table, self._ids)

    def _remember_ids(self, table: sa.Table, rows: dict[tuple[Any, ...], dict[str, Any]]) -> None:
        if len(table.primary_key.columns) == 1:
            self._ids[table.name] = [key[0] for key in rows]
        for column in table.columns:
            if any(key.column.table.name == "person" for key in column.foreign_keys):
                self.people |= {row[column.name] for row in rows.values() if row.get(column.name)}


def _list_tables_left_out() -> frozenset[str]:
    """Tables whose rows go with their person: sessions, tokens, preferences, marks."""
    return frozenset(
        each.table.name
        for data in list_contributions(PersonalDataset)
        for each in data.tables
        if each.effect is ErasureEffect.DELETED
    ) | {"person", "audit_event", "audit_seal"}

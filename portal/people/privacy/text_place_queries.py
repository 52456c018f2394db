"""Where a text stands, for whoever decides on it: which domain, by whom, when, in which team."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from portal.people.accounts.queries import names_of
from portal.people.privacy.mention_queries import is_row
from portal.platform.kernel.contributions import contributed
from portal.platform.kernel.database import db
from portal.platform.kernel.personal_data import (
    PersonalDataset,
    PersonalTable,
    PlaceNames,
    RowKey,
    TextPages,
    refers_to_person,
)

SCOPE_COLUMNS = ("project_id", "programme_id", "scope_id")
STEPS_MAX = 4  # rows from a text to what it belongs to


@dataclass(frozen=True)
class TextPlace:
    """`domain` is the label of a feature, or of the kind of row, "" where none names the table; `author`
    and `place` are names, "" where the row has none."""

    domain: str
    author: str
    at: datetime | None
    place: str


def read_place(table: sa.Table, key: RowKey) -> TextPlace:
    """The place of the texts of a row; empty where the row is gone."""
    dataset, personal = _find_dataset(table)
    row = _read_row(table, is_row(table, key))
    author_id = next((row[name] for name in _author_columns(table, personal) if row.get(name)), None)
    scope_id = _find_scope_id(table, row)
    return TextPlace(
        domain=str(dataset.label) if dataset else _name_kind(table.name),
        author=names_of([author_id])[author_id] if author_id else "",
        at=row.get("created_at"),
        place=name_scope(scope_id) if scope_id else "",
    )


def name_scope(scope_id: UUID) -> str:
    """The name of a project or programme, "" where no feature knows it."""
    return next((names[scope_id] for each in contributed(PlaceNames) if (names := each.read([scope_id]))), "")


def _name_kind(table_name: str) -> str:
    return next((name for each in contributed(TextPages) if (name := each.name(table_name))), "")


def _find_dataset(table: sa.Table) -> tuple[PersonalDataset | None, PersonalTable | None]:
    for dataset in contributed(PersonalDataset):
        for personal in dataset.tables:
            if personal.table is table:
                return dataset, personal
    return None, None


def _author_columns(table: sa.Table, personal: PersonalTable | None) -> Sequence[str]:
    declared = personal.written_by if personal else ()
    return [*declared, *(column.name for column in table.columns if refers_to_person(column))]


def _read_row(table: sa.Table, conditions: Sequence[sa.ColumnElement[bool]]) -> Mapping[str, Any]:
    columns = [each for each in table.columns if isinstance(each.type, sa.Uuid) or each.name == "created_at"]
    row = db.session.execute(sa.select(*columns).where(*conditions)).mappings().first() if columns else None
    return dict(row) if row else {}


def _find_scope_id(table: sa.Table, row: Mapping[str, Any], steps: int = STEPS_MAX) -> UUID | None:
    """The project or programme of a row: its own, else that of what it belongs to."""
    own = next((row[name] for name in SCOPE_COLUMNS if row.get(name)), None)
    if own or not steps:
        return own
    for column in table.columns:
        if not column.foreign_keys or refers_to_person(column) or not row.get(column.name):
            continue
        target = next(iter(column.foreign_keys)).column
        parent = _read_row(target.table, [target == row[column.name]])
        parent_scope_id: UUID | None = _find_scope_id(target.table, parent, steps - 1)
        if parent_scope_id:
            return parent_scope_id
    return None

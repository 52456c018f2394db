"""Where the texts of the database name a person: every table, every column of text or JSON."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.people.accounts.models import Person
from portal.people.privacy.identity_rules import NamePatterns
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import Base
from portal.platform.kernel.personal_data import RowKey

BATCH = 500
FOLDED = "_fold"  # the end of the name of a column that repeats another one for sorting
# The account itself is emptied; the trail keeps ids, and is counted apart.
NOT_SEARCHED = frozenset({Person.__tablename__, AuditEvent.__tablename__, "audit_seal"})


@dataclass(frozen=True)
class NamingText:
    """A column of a row that names the person, with its value."""

    table: sa.Table
    column: sa.Column[Any]
    key: RowKey
    value: Any

    @property
    def row_key(self) -> str:
        """The key as stored: a JSON list."""
        return json.dumps([str(part) for part in self.key])


def iterate_mentions(session: Session, patterns: NamePatterns) -> Iterator[NamingText]:
    """All mentions of a person, table by table. Columns for sorting go with what they repeat."""
    for table in Base.metadata.sorted_tables:
        if table.name not in NOT_SEARCHED:
            for column in text_columns(table):
                yield from _search_column(session, patterns, table, column)


def count_trail_lines(session: Session, patterns: NamePatterns) -> int:
    """How many lines of the audit trail quote the name."""
    table = Base.metadata.tables[AuditEvent.__tablename__]
    keys = {
        mention.key
        for column in text_columns(table)
        for mention in _search_column(session, patterns, table, column)
    }
    return len(keys)


def text_columns(table: sa.Table) -> Sequence[sa.Column[Any]]:
    """The columns of text or JSON that are no key and no enumeration."""
    return [
        column
        for column in table.columns
        if isinstance(column.type, sa.String | sa.JSON)
        and not isinstance(column.type, sa.Enum)
        and not column.primary_key
        and not column.name.endswith(FOLDED)
    ]


def _search_column(
    session: Session, patterns: NamePatterns, table: sa.Table, column: sa.Column[Any]
) -> Iterator[NamingText]:
    text = sa.cast(column, sa.Text)
    matching = sa.or_(*(text.icontains(needle, autoescape=True) for needle in patterns.needles))
    keys = list(table.primary_key.columns)
    statement = sa.select(*keys, column).where(matching).order_by(*keys)
    for row in session.execute(statement.execution_options(yield_per=BATCH)):
        if patterns.find_in(row[-1]):
            yield NamingText(table, column, tuple(row[:-1]), row[-1])


def list_append_only_tables(session: Session) -> frozenset[str]:
    """The tables whose rows the database refuses to change, by the names of their triggers."""
    if session.get_bind().dialect.name == "sqlite":
        suffix, triggers = "_no_update", sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    else:
        suffix, triggers = "_no_change", sa.text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
    names = session.scalars(triggers).all()
    return frozenset(name.removesuffix(suffix) for name in names if name.endswith(suffix))


def parse_row_key(table: sa.Table, row_key: str) -> RowKey:
    """The values of a primary key from their JSON list."""
    columns = table.primary_key.columns
    return tuple(_parse(column.type, part) for column, part in zip(columns, json.loads(row_key), strict=True))


def _parse(type_: Any, part: str) -> Any:
    if isinstance(type_, sa.Uuid):
        return UUID(part)
    if isinstance(type_, sa.Integer):
        return int(part)
    python_type = type_.python_type
    return datetime.fromisoformat(part) if python_type is datetime else part


def read_value(session: Session, table: sa.Table, column_name: str, key: RowKey) -> Any:
    """The value of a column, None when its row is gone."""
    return session.scalar(sa.select(table.c[column_name]).where(*is_row(table, key)))


def is_row(table: sa.Table, key: RowKey) -> Sequence[sa.ColumnElement[bool]]:
    """The conditions on the primary key of a row."""
    return [column == part for column, part in zip(table.primary_key.columns, key, strict=True)]

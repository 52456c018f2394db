"""Where the texts of the database name a person: every table, every column that holds words of people."""

import json
import re
from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.people.accounts.models import Person
from portal.people.privacy.identity_rules import (
    NamePatterns,
    fold_name_words,
    select_distinctive_words,
    without_accents,
)
from portal.people.privacy.text_column_queries import list_typed_text_columns
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import Base
from portal.platform.kernel.personal_data import IdentityToErase, RowKey

BATCH = 500
COMMON_FROM = 10  # texts with a word in small letters: it is one of the language
# The account itself is emptied; the trail keeps ids, and is counted apart.
NOT_SEARCHED = frozenset({Person.__tablename__, AuditEvent.__tablename__, "audit_seal"})

Place = tuple[str, ...]  # table, column and key of a text


@dataclass(frozen=True)
class TextNamingPerson:
    """A column of a row that names the person, with its value."""

    table: sa.Table
    column: sa.Column[Any]
    key: RowKey
    value: Any

    @property
    def place(self) -> Place:
        return self.table.name, self.column.name, self.row_key

    @property
    def row_key(self) -> str:
        """The key as stored: a JSON list."""
        return json.dumps([str(part) for part in self.key])


def iterate_mentions(session: Session, patterns: NamePatterns) -> Generator[TextNamingPerson]:
    """All mentions of a person, table by table. Columns for sorting go with what they repeat."""
    for table in Base.metadata.sorted_tables:
        if table.name not in NOT_SEARCHED:
            for column in list_typed_text_columns(table):
                yield from _search_column(session, patterns, table, column)


def count_trail_lines_naming(session: Session, patterns: NamePatterns) -> int:
    """How many lines of the audit trail quote the name."""
    table = Base.metadata.tables[AuditEvent.__tablename__]
    keys = {
        mention.key
        for column in list_typed_text_columns(table)
        for mention in _search_column(session, patterns, table, column)
    }
    return len(keys)


def _search_column(
    session: Session, patterns: NamePatterns, table: sa.Table, column: sa.Column[Any]
) -> Iterator[TextNamingPerson]:
    text, is_json = sa.cast(column, sa.Text), isinstance(column.type, sa.JSON)
    matching = sa.or_(
        *(text.ilike(_like_pattern(patterns, group, is_json)) for group in patterns.search_word_groups)
    )
    keys = list(table.primary_key.columns)
    statement = sa.select(*keys, column).where(matching).order_by(*keys)
    with session.execute(statement.execution_options(yield_per=BATCH)) as rows:
        for row in rows:
            if patterns.is_named_in(row[-1]):
                yield TextNamingPerson(table, column, tuple(row[:-1]), row[-1])


def _like_pattern(patterns: NamePatterns, words: Sequence[str], is_json: bool) -> str:
    """A pattern of SQL that texts with these words match, whatever their accents, and some others too.

    JSON is stored with escapes of several characters in place of letters with accents.
    """
    any_letter = "%" if is_json else "_"
    loose = "%".join(words).replace("oe", "%").replace("ae", "%")
    return f"%{''.join(any_letter if char in patterns.accented_letters else char for char in loose)}%"


def select_words_sought_alone(session: Session, identity: IdentityToErase) -> frozenset[str]:
    """The words of a person's names that may be sought alone: they stand in the name of no account of
    anybody else, and few texts have them in small letters, as words of the language are written."""
    others = sa.select(Person.name_fold).where(Person.id.not_in(identity.person_ids))
    words = select_distinctive_words(identity.names)
    for name in session.scalars(others):
        words = words.difference(fold_name_words(name))
    return frozenset(word for word in words if not _is_common_word(session, word, identity.person_id))


def _is_common_word(session: Session, word: str, person_id: UUID) -> bool:
    patterns = NamePatterns(IdentityToErase(person_id, (), (), "", frozenset((word,))))
    small = re.compile(rf"(?<![^\W_]){re.escape(word)}(?![^\W_])")
    with closing(iterate_mentions(session, patterns)) as mentions:
        common = (each for each in mentions if small.search(without_accents(str(each.value))))
        return len(list(islice(common, COMMON_FROM))) == COMMON_FROM


def list_append_only_tables(session: Session) -> frozenset[str]:
    """The tables whose rows the database refuses to change, by the names of their triggers."""
    if session.get_bind().dialect.name == "sqlite":
        suffix, triggers = "_no_update", sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    else:
        suffix, triggers = "_no_change", sa.text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
    names = session.scalars(triggers).all()
    return frozenset(name.removesuffix(suffix) for name in names if name.endswith(suffix))


def list_never_redacted_tables(session: Session) -> frozenset[str]:
    """Those of them that not even an erasure rewrites: the trail and the money."""
    if session.get_bind().dialect.name == "sqlite":
        rewritten = sa.text("SELECT tbl_name FROM sqlite_master WHERE sql LIKE '%redaction_permit)%'")
    else:
        rewritten = sa.text("SELECT proname FROM pg_proc WHERE prosrc LIKE '%redaction_permit)%'")
    names = {name.removesuffix("_refuse") for name in session.scalars(rewritten)}
    return list_append_only_tables(session) - names


def parse_row_key(table: sa.Table, row_key: str) -> RowKey:
    """The values of a primary key from their JSON list."""
    columns = table.primary_key.columns
    return tuple(
        _parse_key_part(column.type, part) for column, part in zip(columns, json.loads(row_key), strict=True)
    )


def _parse_key_part(type_: Any, part: str) -> Any:
    if isinstance(type_, sa.Uuid):
        return UUID(part)
    if isinstance(type_, sa.Integer):
        return int(part)
    python_type = type_.python_type
    return datetime.fromisoformat(part) if python_type is datetime else part


def read_columns_by_key(
    session: Session, table: sa.Table, column_names: Collection[str], keys: Sequence[RowKey]
) -> Mapping[RowKey, Mapping[str, Any]]:
    """Columns of rows by the key of their row, in one statement; a row that is gone is left out."""
    primary = list(table.primary_key.columns)
    columns = [table.c[name] for name in sorted(column_names)]
    rows = session.execute(sa.select(*primary, *columns).where(build_rows_condition(table, keys)))
    return {
        tuple(row[: len(primary)]): dict(zip(sorted(column_names), row[len(primary) :], strict=True))
        for row in rows
    }


def build_rows_condition(table: sa.Table, keys: Sequence[RowKey]) -> sa.ColumnElement[bool]:
    """The condition on the primary keys of rows."""
    columns = list(table.primary_key.columns)
    if len(columns) == 1:
        return columns[0].in_([key[0] for key in keys])
    return sa.or_(*(sa.and_(*build_primary_key_conditions(table, key)) for key in keys))


def build_primary_key_conditions(table: sa.Table, key: RowKey) -> Sequence[sa.ColumnElement[bool]]:
    """The conditions on the primary key of a row."""
    return [column == part for column, part in zip(table.primary_key.columns, key, strict=True)]

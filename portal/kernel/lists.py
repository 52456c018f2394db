"""Many small things that a page tells, asked in one statement: each is a scalar subquery, also a
few rows of a kind.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from portal.kernel.db import Base, rows
from portal.kernel.statements import Once

Made = TypeVar("Made")


class _AsJson(FunctionElement[Any]):
    """All rows as one array of arrays, in the order of the statement they come from."""

    inherit_cache = True


@compiles(_AsJson, "sqlite")
def _on_sqlite(element: _AsJson, compiler: Any, **kept: Any) -> str:
    return f"json_group_array(json_array({compiler.process(element.clauses, **kept)}))"


@compiles(_AsJson, "postgresql")
def _on_postgresql(element: _AsJson, compiler: Any, **kept: Any) -> str:
    return f"json_agg(json_build_array({compiler.process(element.clauses, **kept)}))"


class _Rows(sa.TypeDecorator[Sequence[Any]]):
    """What JSON tells of each column becomes what the column holds."""

    impl = sa.JSON
    cache_ok = True  # by what makes its rows: the words of a statement are then found again

    def __init__(self, make: Callable[..., Any], readers: tuple[Callable[[Any], Any], ...]) -> None:
        super().__init__()
        self.make, self.readers = make, readers

    def process_result_value(self, value: Any, _dialect: Any) -> Sequence[Any]:
        return [self.make(*map(_read, self.readers, row)) for row in value or ()]


def _read(reader: Callable[[Any], Any], value: Any) -> Any:
    return None if value is None else reader(value)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=moment.tzinfo or UTC)


def _reader(column: sa.ColumnElement[Any]) -> Callable[[Any], Any]:
    """Of a column of text, a number, a truth, a day, a moment, an id or a choice."""
    kind = column.type
    if isinstance(kind, sa.TypeDecorator):
        kind = kind.impl_instance
    if isinstance(kind, sa.Enum):
        return kind.enum_class or str
    readers: dict[type, Callable[[Any], Any]] = {
        bool: bool,
        date: date.fromisoformat,
        datetime: _moment,
        UUID: UUID,
        int: int,
        float: float,
        str: str,
    }
    return readers[kind.python_type]


def read_values(figures: tuple[sa.ColumnElement[Any], ...], **given: Any) -> Sequence[Any]:
    """The values of scalar subqueries that name what is `given`. One statement, made once."""
    return rows(_all_of(figures), given)[0]


@lru_cache
def _all_of(figures: tuple[sa.ColumnElement[Any], ...]) -> Once:
    return Once(sa.select(*figures))


def rows_of(
    chosen: sa.Select[*tuple[Any, ...]],
    make: Callable[..., Made],
    *,
    beside: Sequence[type[Base]] = (),
) -> sa.ColumnElement[Sequence[Made]]:
    """A scalar subquery: what `make` makes of each row that `chosen` finds, in its order.

    It stands alone, or for each row of the tables `beside`, which it then names.

    Make it once, beside the statement that asks it. Raises `KeyError` for a kind of column that
    JSON does not tell as it is kept.
    """
    found = chosen.correlate(*beside).subquery()
    told = _Rows(make, tuple(_reader(column) for column in found.c))
    return sa.type_coerce(
        sa.select(_AsJson(*found.c))
        .select_from(found)
        .correlate(*beside or (None,))
        .scalar_subquery(),
        told,
    )

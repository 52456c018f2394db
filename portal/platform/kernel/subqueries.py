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

from portal.platform.kernel.database import Base, fetch_rows
from portal.platform.kernel.prepared_statements import PreparedStatement

RowType = TypeVar("RowType")


class _JsonArray(FunctionElement[Any]):
    """All rows as one array of arrays, in the order of the statement they come from."""

    inherit_cache = True


@compiles(_JsonArray, "sqlite")
def _compile_for_sqlite(element: _JsonArray, compiler: Any, **options: Any) -> str:
    return f"json_group_array(json_array({compiler.process(element.clauses, **options)}))"


@compiles(_JsonArray, "postgresql")
def _compile_for_postgresql(element: _JsonArray, compiler: Any, **options: Any) -> str:
    return f"json_agg(json_build_array({compiler.process(element.clauses, **options)}))"


class _JsonRows(sa.TypeDecorator[Sequence[Any]]):
    """What JSON tells of each column becomes what the column holds."""

    impl = sa.JSON
    cache_ok = True  # by what makes its rows: the words of a statement are then found again

    def __init__(self, make: Callable[..., Any], readers: tuple[Callable[[Any], Any], ...]) -> None:
        super().__init__()
        self.make, self.readers = make, readers

    def process_result_value(self, value: Any, _dialect: Any) -> Sequence[Any]:
        return [self.make(*map(_convert, self.readers, row)) for row in value or ()]


def _convert(reader: Callable[[Any], Any], value: Any) -> Any:
    return None if value is None else reader(value)


def _parse_moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=moment.tzinfo or UTC)


def _converter_for(column: sa.ColumnElement[Any]) -> Callable[[Any], Any]:
    """Of a column of text, a number, a truth, a day, a moment, an id or a choice."""
    kind = column.type
    if isinstance(kind, sa.TypeDecorator):
        kind = kind.impl_instance
    if isinstance(kind, sa.Enum):
        return kind.enum_class or str
    readers: dict[type, Callable[[Any], Any]] = {
        bool: bool,
        date: date.fromisoformat,
        datetime: _parse_moment,
        UUID: UUID,
        int: int,
        float: float,
        str: str,
    }
    return readers[kind.python_type]


def fetch_scalars(figures: tuple[sa.ColumnElement[Any], ...], **values: Any) -> Sequence[Any]:
    """The values of scalar subqueries that name what is `given`. One statement, made once."""
    return fetch_rows(_select_scalars(figures), values)[0]


@lru_cache
def _select_scalars(figures: tuple[sa.ColumnElement[Any], ...]) -> PreparedStatement:
    return PreparedStatement(sa.select(*figures))


def rows_subquery(
    statement: sa.Select[*tuple[Any, ...]],
    make: Callable[..., RowType],
    *,
    beside: Sequence[type[Base]] = (),
) -> sa.ColumnElement[Sequence[RowType]]:
    """A scalar subquery: what `make` makes of each row that `chosen` finds, in its order.

    It stands alone, or for each row of the tables `beside`, which it then names.

    Make it once, beside the statement that asks it. Raises `KeyError` for a kind of column that
    JSON does not tell as it is kept.
    """
    subquery = statement.correlate(*beside).subquery()
    rows_type = _JsonRows(make, tuple(_converter_for(column) for column in subquery.c))
    return sa.type_coerce(
        sa.select(_JsonArray(*subquery.c))
        .select_from(subquery)
        .correlate(*beside or (None,))
        .scalar_subquery(),
        rows_type,
    )

"""Many scalar subqueries in one statement; a few rows count as a scalar, aggregated as JSON."""

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
    """SQL function that aggregates rows into a JSON array of arrays, in their order."""

    inherit_cache = True


@compiles(_JsonArray, "sqlite")
def _compile_for_sqlite(element: _JsonArray, compiler: Any, **options: Any) -> str:
    return f"json_group_array(json_array({compiler.process(element.clauses, **options)}))"


@compiles(_JsonArray, "postgresql")
def _compile_for_postgresql(element: _JsonArray, compiler: Any, **options: Any) -> str:
    return f"json_agg(json_build_array({compiler.process(element.clauses, **options)}))"


class _JsonRows(sa.TypeDecorator[Sequence[Any]]):
    """Type of a JSON array of rows: converts JSON values to the columns' Python types."""

    impl = sa.JSON
    cache_ok = True  # `make` and `readers` are part of SQLAlchemy's cache key

    def __init__(self, make: Callable[..., Any], readers: tuple[Callable[[Any], Any], ...]) -> None:
        super().__init__()
        self.make, self.readers = make, readers

    def process_result_value(self, value: Any, _dialect: Any) -> Sequence[Any]:
        return [self.make(*map(_convert_unless_none, self.readers, row)) for row in value or ()]


def _convert_unless_none(reader: Callable[[Any], Any], value: Any) -> Any:
    return None if value is None else reader(value)


def _parse_moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=moment.tzinfo or UTC)


def _converter_for(column: sa.ColumnElement[Any]) -> Callable[[Any], Any]:
    """The converter from JSON for a column of text, number, boolean, date, time, id or enum.

    Raises `KeyError` for other types.
    """
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


def fetch_scalar_subqueries(figures: tuple[sa.ColumnElement[Any], ...], **values: Any) -> Sequence[Any]:
    """The values of scalar subqueries with bind parameters `values`: one prepared statement."""
    return fetch_rows(_select_scalars(figures), values)[0]


@lru_cache
def _select_scalars(figures: tuple[sa.ColumnElement[Any], ...]) -> PreparedStatement:
    return PreparedStatement(sa.select(*figures))


def rows_subquery(
    statement: sa.Select[*tuple[Any, ...]],
    make: Callable[..., RowType],
    *,
    correlated: Sequence[type[Base]] = (),
) -> sa.ColumnElement[Sequence[RowType]]:
    """A scalar subquery whose value is `make(*row)` for each row of `statement`, in its order.

    It stands alone, or is correlated with the tables in `correlated`. Build it once, at module
    level. Raises `KeyError` for a column type that JSON does not preserve.
    """
    subquery = statement.correlate(*correlated).subquery()
    rows_type = _JsonRows(make, tuple(_converter_for(column) for column in subquery.c))
    return sa.type_coerce(
        sa.select(_JsonArray(*subquery.c))
        .select_from(subquery)
        .correlate(*correlated or (None,))
        .scalar_subquery(),
        rows_type,
    )

"""Prepared statements for hot paths: compiled once per dialect, executed on the DBAPI cursor.

SQLAlchemy computes a statement's cache key at each execution and wraps each result. Without that a
small statement takes 4 µs, instead of 16 µs by `Connection.execute` and 41 µs by `Session.execute`;
one with many subqueries saves over 100 µs. Posting a comment, which executes eleven, takes 2.0
instead of 3.5 ms of CPU; a page, which executes one to three, gains nothing (SQLite, three runs,
November 2026).

The price: `_process_parameters_for_postcompile` and `_handle_dbapi_exception` are private methods
of SQLAlchemy, which `tests/platform/kernel/test_prepared_statements.py` checks with each upgrade.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.sql.compiler import SQLCompiler

Converter = Callable[[Any], Any]
REMEMBERED = 256  # values of a column of ids or enumerations: the same ones come again and again


@dataclass(frozen=True)
class _CompiledStatement:
    """A statement compiled for one dialect."""

    text: str
    names: Sequence[str]  # parameter names in order, for a driver with positional parameters
    by_name: bool  # the driver takes named parameters
    fixed: Mapping[str, Any]  # literal values of the statement
    computed: Sequence[tuple[str, Callable[[], Any]]]  # `bindparam(callable_=…)`: today
    bind_converters: Sequence[tuple[str, Converter]]  # by parameter name
    result_converters: Sequence[tuple[int, Converter]]  # by column index


class PreparedStatement:
    """A statement that is compiled once; its parameters are passed by name.

    Every parameter is a `bindparam` (of an INSERT: its `columns`) and needs a value: defaults of
    models are not applied. An `IN` may have literal values, but no expanding parameter.
    """

    def __init__(self, statement: sa.Executable, *, columns: Sequence[str] | None = None) -> None:
        self._statement, self._columns = statement, columns
        self._compiled_by_dialect: dict[str, _CompiledStatement] = {}

    def execute(self, connection: Connection, parameters: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        """The rows as plain tuples; () for a statement without rows.

        Runs in the connection's transaction. Raises SQLAlchemy's errors, and `ValueError` for a
        statement that cannot be compiled once.
        """
        dialect = connection.dialect
        compiled = self._compiled_by_dialect.get(dialect.name)
        if compiled is None:
            compiled = self._compiled_by_dialect[dialect.name] = self._compile_for(dialect)
        computed = {name: compute() for name, compute in compiled.computed}
        values = {**compiled.fixed, **computed, **parameters}
        for name, convert in compiled.bind_converters:
            values[name] = convert(values[name])
        arguments: Any = values if compiled.by_name else tuple(map(values.__getitem__, compiled.names))
        rows = _execute_on_cursor(connection, compiled.text, arguments)
        return _convert_rows(rows, compiled.result_converters) if compiled.result_converters else rows

    def _compile_for(self, dialect: Dialect) -> _CompiledStatement:
        clause = cast(sa.ClauseElement, self._statement)
        compiled = cast(SQLCompiler, clause.compile(dialect=dialect, column_keys=self._columns))
        unknown = any(parameter.required for parameter in compiled.post_compile_params)
        if unknown or compiled.insert_prefetch or compiled.update_prefetch:
            raise ValueError(f"cannot be compiled once: {compiled}")
        fixed = {
            name: parameter.value for parameter, name in compiled.bind_names.items() if not parameter.required
        }
        expanded = compiled._process_parameters_for_postcompile(
            dict.fromkeys(compiled.bind_names.values()) | fixed
        )  # expands literal `IN` lists, such as roles
        bound_names = set(compiled.bind_names.values())
        for name in expanded.additional_parameters.keys() - bound_names:
            value, convert = expanded.additional_parameters[name], expanded.processors.get(name)
            fixed[name] = convert(value) if convert else value
        bind_converters = {  # by name: a parameter that occurs twice is converted once
            name: convert
            for value, name in compiled.bind_names.items()
            if value not in compiled.post_compile_params
            if (convert := value.type.dialect_impl(dialect).bind_processor(dialect))
        }
        return _CompiledStatement(
            text=expanded.statement,
            names=tuple(expanded.positiontup or ()),
            by_name=expanded.positiontup is None,
            fixed=fixed,
            computed=tuple(
                (name, parameter.callable)
                for parameter, name in compiled.bind_names.items()
                if parameter.callable
            ),
            bind_converters=tuple(bind_converters.items()),
            result_converters=_result_converters(self._statement, dialect),
        )


def _execute_on_cursor(connection: Connection, text: str, values: Any) -> Sequence[Sequence[Any]]:
    """Execute on a DBAPI cursor and fetch all rows, with SQLAlchemy's event listeners and errors.

    A broken connection is invalidated, as `Connection.execute` does.
    """
    cursor = connection.connection.cursor()
    try:
        if connection.dispatch.before_cursor_execute:
            connection.dispatch.before_cursor_execute(connection, cursor, text, values, None, False)
        cursor.execute(text, values)
        return cursor.fetchall() if cursor.description else ()
    except Exception as fault:  # noqa: BLE001  the next line always raises
        connection._handle_dbapi_exception(fault, text, values, cursor, None)
    finally:
        cursor.close()


def _result_converters(statement: sa.Executable, dialect: Dialect) -> list[tuple[int, Converter]]:
    columns = getattr(statement, "exported_columns", ())
    return [
        (index, lru_cache(REMEMBERED)(convert) if isinstance(column.type, sa.Enum | sa.Uuid) else convert)
        for index, column in enumerate(columns)
        if not isinstance(column.type, sa.Float)  # every driver returns floats
        if (convert := column.type.dialect_impl(dialect).result_processor(dialect, None))
    ]


def _convert_rows(
    rows: Sequence[Sequence[Any]], converters: Sequence[tuple[int, Converter]]
) -> Sequence[Sequence[Any]]:
    """Column by column: a page of a hundred rows takes half the time of row by row."""
    columns: list[Iterable[Any]] = list(zip(*rows, strict=True))
    if not columns:
        return ()
    for index, convert in converters:
        columns[index] = map(convert, columns[index])
    return list(zip(*columns, strict=True))

"""Statements made once, kept in the words of the driver: for what every write does.

SQLAlchemy finds the words of a statement again each time it is asked, and dresses each answer. For
a dozen statements a request that is more than what the database itself takes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.sql.compiler import SQLCompiler

Converter = Callable[[Any], Any]


@dataclass(frozen=True)
class _CompiledStatement:
    """A statement for one driver."""

    text: str
    names: Sequence[str]  # of the values, in order; a driver that wants them by name takes them too
    by_name: bool
    fixed: Mapping[str, Any]  # values that the statement itself brings
    computed: Sequence[tuple[str, Callable[[], Any]]]  # those that it asks for each time: today
    bind_converters: Sequence[tuple[str, Converter]]  # what a value becomes on its way in
    result_converters: Sequence[tuple[int, Converter]]  # the same for what comes back, by its place


class PreparedStatement:
    """A statement that is sent as it is, time after time; its values go in by name.

    Every value is named (`bindparam`) and given, an insert's by its columns: no default of a model
    is asked. A list (`IN`) is not among them, but may stand in the statement itself.
    """

    def __init__(self, statement: sa.Executable, *, columns: Sequence[str] | None = None) -> None:
        self._statement, self._columns = statement, columns
        self._compiled_by_dialect: dict[str, _CompiledStatement] = {}

    def execute(
        self, connection: Connection, parameters: Mapping[str, Any]
    ) -> Sequence[Sequence[Any]]:
        """What it finds, as plain tuples; nothing for one that finds nothing.

        The driver's own cursor is asked, within the transaction that the connection is in.
        """
        words = self._compiled_by_dialect.get(connection.dialect.name)
        if words is None:
            words = self._compiled_by_dialect[connection.dialect.name] = self._compile_for(
                connection.dialect
            )
        values = {**words.fixed, **{name: call() for name, call in words.computed}, **parameters}
        for name, convert in words.bind_converters:
            values[name] = convert(values[name])
        sent: Any = values if words.by_name else tuple(map(values.__getitem__, words.names))
        rows = _execute_on_cursor(connection, words.text, sent)
        if not words.result_converters:
            return rows
        return [_convert_row(row, words.result_converters) for row in rows]

    def _compile_for(self, dialect: Dialect) -> _CompiledStatement:
        clause = cast(sa.ClauseElement, self._statement)
        compiled = cast(SQLCompiler, clause.compile(dialect=dialect, column_keys=self._columns))
        unknown = any(parameter.required for parameter in compiled.post_compile_params)
        if unknown or compiled.insert_prefetch or compiled.update_prefetch:
            raise ValueError(f"not to be sent as it is: {compiled}")
        fixed = {
            name: parameter.value
            for parameter, name in compiled.bind_names.items()
            if not parameter.required
        }
        whole = compiled._process_parameters_for_postcompile(
            dict.fromkeys(compiled.bind_names.values()) | fixed
        )  # lists that the statement itself brings, such as roles, are written out
        known_names = set(compiled.bind_names.values())
        for name in whole.additional_parameters.keys() - known_names:
            value, convert = whole.additional_parameters[name], whole.processors.get(name)
            fixed[name] = convert(value) if convert else value
        put_in = {  # by name: what stands twice in a statement is converted once
            name: convert
            for value, name in compiled.bind_names.items()
            if value not in compiled.post_compile_params
            if (convert := value.type.dialect_impl(dialect).bind_processor(dialect))
        }
        return _CompiledStatement(
            text=whole.statement,
            names=tuple(whole.positiontup or ()),
            by_name=whole.positiontup is None,
            fixed=fixed,
            computed=tuple(
                (name, parameter.callable)
                for parameter, name in compiled.bind_names.items()
                if parameter.callable
            ),
            bind_converters=tuple(put_in.items()),
            result_converters=_result_converters(self._statement, dialect),
        )


def _execute_on_cursor(connection: Connection, text: str, sent: Any) -> Sequence[Sequence[Any]]:
    """Does what SQLAlchemy does around a cursor, as far as it is needed here: who listens hears,
    a refusal is one of its own errors, and a connection that broke leaves the pool.
    """
    cursor = connection.connection.cursor()
    try:
        if connection.dispatch.before_cursor_execute:
            connection.dispatch.before_cursor_execute(connection, cursor, text, sent, None, False)
        cursor.execute(text, sent)
        return cursor.fetchall() if cursor.description else ()
    except Exception as fault:  # noqa: BLE001  dressed by the next line, which always raises
        connection._handle_dbapi_exception(fault, text, sent, cursor, None)
    finally:
        cursor.close()


def _result_converters(statement: sa.Executable, dialect: Dialect) -> list[tuple[int, Converter]]:
    columns = getattr(statement, "exported_columns", ())
    return [
        (place, convert)
        for place, column in enumerate(columns)
        if not isinstance(column.type, sa.Float)  # comes as it is from every driver
        if (convert := column.type.dialect_impl(dialect).result_processor(dialect, None))
    ]


def _convert_row(row: Sequence[Any], conversions: Sequence[tuple[int, Converter]]) -> Sequence[Any]:
    values = list(row)
    for place, convert in conversions:
        values[place] = convert(values[place])
    return tuple(values)

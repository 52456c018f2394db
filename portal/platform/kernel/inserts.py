"""Rows that are inserted at once, without the session's unit of work."""

from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.orm import make_transient_to_detached

from portal.platform.kernel.database import Base, db, fetch_rows
from portal.platform.kernel.prepared_statements import PreparedStatement


def insert_row(row: Base) -> None:
    """Insert a new row at once and attach it to the session as if it had been loaded: 24 instead of
    105 µs for `add` and `flush` (SQLite). Every column needs a value: defaults are not applied.
    """
    state = sa.inspect(row)
    values = dict(state.dict)
    fetch_rows(_insert_statement(type(row), tuple(values)), values)
    make_transient_to_detached(row)
    db.session.add(row)


@lru_cache
def _insert_statement(model: type[Base], columns: tuple[str, ...]) -> PreparedStatement:
    return PreparedStatement(sa.insert(model), columns=columns)

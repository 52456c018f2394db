"""Delete the rows that a test wrote, bypassing the database's triggers, on an open database.

Replacing an SQLite file requires opening it again and parsing the schema of two hundred tables,
which takes longer than most tests.
"""

import re
import sqlite3
from collections import defaultdict
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from portal.people.programmes.models import INSTALLATION
from portal.platform.kernel.database import Base, db

_TABLES = {*Base.metadata.tables, "search_words"}  # the index of words of PostgreSQL has no model
_NAMES = [f'"{table}"' for table in Base.metadata.tables]
_WRITTEN = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in _NAMES)
_PLACE = f"INSERT INTO scope (id, kind, created_at) VALUES ('{INSTALLATION}', 'installation', now())"
# As a replica: without triggers and foreign keys.
_PAST_GUARDS = "SET LOCAL session_replication_role = replica"
CAN_PASS_GUARDS = hasattr(sqlite3.Connection, "setconfig")  # from Python 3.12 on

_INSERTED = re.compile(r'INSERT INTO "?(\w+)')
_written: defaultdict[str, set[str]] = defaultdict(set)  # written tables by database


@sa.event.listens_for(Engine, "before_cursor_execute")
def _note(connection: Connection, _cursor: object, statement: str, *_more: object) -> None:
    """Record the tables that a statement writes; querying two hundred tables takes longer."""
    if "INSERT INTO" in statement and connection.dialect.name == "postgresql":
        _written[str(connection.engine.url.database)].update(_INSERTED.findall(statement))


class ServerSweeper:
    """Deletes the rows written to a PostgreSQL database since the last sweep, at first all."""

    def __init__(self, database: str) -> None:
        self._database = database
        _written[database] |= _TABLES

    def sweep(self) -> None:
        """Delete rows; TRUNCATE would create new files for every table and index."""
        written = sorted({*_written[self._database] & _TABLES, "scope"})
        emptied = (f'DELETE FROM "{name}"' for name in written)
        with db.engine.begin() as connection:
            connection.exec_driver_sql("; ".join((_PAST_GUARDS, *emptied, _PLACE)))
        _written[self._database].clear()

    def left(self) -> list[Any]:
        """Return tables that still have rows after a sweep: another process wrote to them."""
        self.sweep()
        with db.engine.connect() as connection:
            return [name for (name,) in connection.exec_driver_sql(_WRITTEN) if name != '"scope"']


class FileSweeper:
    """Deletes the rows written to an SQLite file that holds only the installation at first."""

    def __init__(self) -> None:
        self._connection: sqlite3.Connection | None = None

    def begin(self, file: Path) -> None:
        if not CAN_PASS_GUARDS:
            return
        self._connection = sqlite3.connect(file, isolation_level=None, timeout=0.1)
        for guard in (sqlite3.SQLITE_DBCONFIG_ENABLE_TRIGGER, sqlite3.SQLITE_DBCONFIG_ENABLE_FKEY):
            self._connection.setconfig(guard, False)
        self._connection.execute("PRAGMA secure_delete=ON")  # as the portal does
        self._schema = self._version(self._connection)
        (self._place,) = self._connection.execute("SELECT * FROM scope").fetchall()

    def end(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None

    def sweep(self) -> bool:
        """Delete rows; tell whether the file is as before. False after a schema change or lock."""
        if self._connection is None:
            return False
        try:
            with self._connection as connection:
                connection.execute("BEGIN IMMEDIATE")
                if self._version(connection) != self._schema:
                    return False
                for (name,) in connection.execute(_WRITTEN).fetchall():
                    connection.execute(f"DELETE FROM {name}")
                marks = ", ".join("?" * len(self._place))
                connection.execute(f"INSERT INTO scope VALUES ({marks})", self._place)
        except sqlite3.OperationalError:  # locked
            return False
        return True

    @staticmethod
    def _version(connection: sqlite3.Connection) -> int:
        """Return the schema version, which increases with each change of a table or trigger."""
        version: int = connection.execute("PRAGMA schema_version").fetchone()[0]
        return version

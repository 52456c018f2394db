"""Takes out what a test wrote, past the guards of the database, while it is open.

A file of SQLite that is put in another's place has to be opened anew: what is asked first then
reads what two hundred tables and their guards are, which takes longer than most tests.
"""

import sqlite3
from pathlib import Path

import sqlalchemy as sa

from portal.kernel.db import Base, db
from portal.programmes.models import INSTALLATION

_NAMES = [f'"{table}"' for table in Base.metadata.tables]
_ALL_EMPTIED = "; ".join(f"DELETE FROM {name}" for name in _NAMES)
_WRITTEN = " UNION ALL ".join(
    f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in _NAMES
)
_PLACE = "INSERT INTO scope (id, kind, created_at) VALUES (:id, 'installation', now())"
CAN_PASS_GUARDS = hasattr(sqlite3.Connection, "setconfig")  # from Python 3.12 on


def sweep_server() -> None:
    """A few rows each: TRUNCATE would make new files for every table and index."""
    with db.engine.begin() as connection:
        # As a replica would: no guard of the trail, no foreign keys that ask for an order.
        connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        connection.exec_driver_sql(_ALL_EMPTIED)  # to ask which it were takes longer
        connection.execute(sa.text(_PLACE), {"id": INSTALLATION})


class FileSweeper:
    """Of a file of SQLite that holds nothing but the installation when it is begun with."""

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
        """Whether it is as it was. Not where a test changed more than rows, or is still at it."""
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
        except sqlite3.OperationalError:  # somebody holds it
            return False
        return True

    @staticmethod
    def _version(connection: sqlite3.Connection) -> int:
        """Goes up with each change of a table or a trigger."""
        version: int = connection.execute("PRAGMA schema_version").fetchone()[0]
        return version

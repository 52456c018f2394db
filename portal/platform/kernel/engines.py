"""How each of the two databases is asked, so that what it acknowledges is kept."""

import sqlite3
from pathlib import Path
from typing import Any

from flask import has_request_context, request
from psycopg.errors import DiskFull
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError, DisconnectionError

from portal.platform.kernel import timeouts
from portal.platform.kernel.settings import Settings

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

_SQLITE_LOCK_TIMEOUT = 15  # seconds for another writer to finish
_MARK_LOCK_TIMEOUT = 500  # milliseconds


def engine_options(settings: Settings) -> dict[str, Any]:
    """What the engine is made with."""
    if settings.is_sqlite:
        return {"connect_args": {"timeout": _SQLITE_LOCK_TIMEOUT}, "hide_parameters": True}
    return {
        "pool_pre_ping": True,
        "pool_size": 8,  # kept open; a request uses two at most, the second for marks
        "max_overflow": -1,  # the threads are the limit: nobody waits for a connection
        "hide_parameters": True,
    }


def configure_engine(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        _configure_sqlite(engine)
        _detect_replaced_file(engine)
    else:
        timeouts.install_timeouts(engine)


def is_disk_full(error: DBAPIError) -> bool:
    """Whether a database refused because its disk is full."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    return code == sqlite3.SQLITE_FULL or isinstance(error.orig, DiskFull)


def _configure_sqlite(engine: Engine) -> None:
    """Durable, with foreign keys, and safe with several processes.

    SQLAlchemy begins the transactions itself. A writer takes the lock at once (a reader that starts
    to write later would be refused), and what only reads may not write at all: a safe request, or
    a connection that was asked for with `only_reads`.
    """

    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout={_SQLITE_LOCK_TIMEOUT * 1000}",  # first: the next one may need a lock
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",  # what is deleted is overwritten: a participant took it back
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        execution_options = connection.get_execution_options()
        if execution_options.get("asks_first"):  # no pragma: it would be another one a moment later
            connection.exec_driver_sql("BEGIN")
            return
        reads_only = has_request_context() and request.method in SAFE_METHODS
        if execution_options.get("only_reads") or (
            reads_only and not execution_options.get("may_write")
        ):
            _set_pragma(connection, "query_only", 1)
            connection.exec_driver_sql("BEGIN")
            return
        _set_pragma(connection, "query_only", 0)
        # A mark left while reading is not worth a long wait.
        _set_pragma(
            connection,
            "busy_timeout",
            _MARK_LOCK_TIMEOUT if reads_only else _SQLITE_LOCK_TIMEOUT * 1000,
        )
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _set_pragma(connection: Connection, pragma: str, value: int) -> None:
    """Only where it changes: SQLite then prepares every statement of the connection again."""
    pragmas = connection.info.setdefault("pragmas", {})
    if pragmas.get(pragma) != value:
        connection.exec_driver_sql(f"PRAGMA {pragma}={value}")
        pragmas[pragma] = value


def _detect_replaced_file(engine: Engine) -> None:
    """A file that was moved away or replaced while the portal runs is noticed.

    SQLite would go on writing into the file that nobody finds any more, or begin an empty one.
    Requests never make the database: that is for the commands (`flask db upgrade`).
    """
    file = Path(engine.url.database or "")

    @event.listens_for(engine, "do_connect")
    def _only_open(_dialect: Any, _record: Any, args: list[Any], named: dict[str, Any]) -> None:
        if has_request_context():
            _open_existing_only(file, args, named)

    @event.listens_for(engine, "connect")
    def _note(_connection: sqlite3.Connection, record: Any) -> None:
        record.info["file"] = _file_identity(file)

    @event.listens_for(engine, "checkout")
    def _check(_connection: sqlite3.Connection, record: Any, _proxy: Any) -> None:
        if record.info["file"] != _file_identity(file):
            raise DisconnectionError  # the pool opens the file that is there now, if one is


def truncate_wal(engine: Engine, wait: int) -> bool:
    """Copy SQLite's log, which holds what was deleted since, into its database, and cut it to
    nothing; whether it is. Waits so many milliseconds for who reads. Elsewhere there is none."""
    if engine.dialect.name != "sqlite":
        return True
    pooled = engine.raw_connection()
    try:
        connection: Any = pooled.driver_connection
        usual = pooled.info.get("pragmas", {}).get("busy_timeout", _SQLITE_LOCK_TIMEOUT * 1000)
        connection.execute(f"PRAGMA busy_timeout={wait}")
        (is_busy, *_counts) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        connection.execute(f"PRAGMA busy_timeout={usual}")
    finally:
        pooled.close()
    return not is_busy


def forbid_creating_database(engine: Engine) -> None:
    """For a process that serves no requests and runs as long: it makes no database either."""
    if engine.dialect.name != "sqlite":
        return
    file = Path(engine.url.database or "")

    @event.listens_for(engine, "do_connect")
    def _only_open(_dialect: Any, _record: Any, args: list[Any], named: dict[str, Any]) -> None:
        _open_existing_only(file, args, named)


def _open_existing_only(file: Path, args: list[Any], named: dict[str, Any]) -> None:
    args[0] = f"{file.absolute().as_uri()}?mode=rw"
    named["uri"] = True


def _file_identity(file: Path) -> tuple[int, int] | None:
    """Which file this is, whatever it is called."""
    try:
        stat = file.stat()
    except OSError:
        return None
    return stat.st_dev, stat.st_ino

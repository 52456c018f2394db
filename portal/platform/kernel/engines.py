"""Engine options, pragmas and connection events of SQLite and PostgreSQL."""

import sqlite3
from pathlib import Path
from typing import Any

from flask import has_request_context, request
from psycopg.errors import DiskFull
from sqlalchemy import event
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError, DisconnectionError

from portal.platform.kernel import timeouts
from portal.platform.kernel.folded_text import add_folding
from portal.platform.kernel.settings import Settings

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

_SQLITE_LOCK_TIMEOUT = 15  # seconds to wait for another writer
_MARK_LOCK_TIMEOUT = 500  # milliseconds, see `marks`


def engine_options(settings: Settings) -> dict[str, Any]:
    """The options of `create_engine`."""
    if settings.is_sqlite:
        return {"connect_args": {"timeout": _SQLITE_LOCK_TIMEOUT}, "hide_parameters": True}
    return {
        "pool_pre_ping": True,
        "pool_size": 8,  # a request uses two connections at most, the second for read marks
        "max_overflow": -1,  # the number of threads is the limit: no thread waits for a connection
        "hide_parameters": True,
    }


def configure_engine(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        engine.dialect.statement_compiler = _HintingCompiler
        _configure_sqlite(engine)
        _reconnect_when_file_replaced(engine)
    else:
        timeouts.install_timeouts(engine)


class _HintingCompiler(SQLiteCompiler):
    """Writes the hints of `with_hint`, such as INDEXED BY, which SQLAlchemy leaves out for SQLite."""

    def get_from_hint_text(self, table: Any, text: str) -> str:  # type: ignore[override]  # None in the stubs
        _ = table
        return text


def is_disk_full(error: DBAPIError) -> bool:
    """Whether a statement failed because the database's disk is full."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    return code == sqlite3.SQLITE_FULL or isinstance(error.orig, DiskFull)


def _configure_sqlite(engine: Engine) -> None:
    """Make SQLite durable, with foreign keys, and safe with several processes.

    Transactions begin explicitly. A write transaction takes the lock at its start (BEGIN IMMEDIATE:
    upgrading a read transaction later would fail). Requests with a safe method and connections with
    the execution option `only_reads` cannot write (`query_only`).
    """

    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout={_SQLITE_LOCK_TIMEOUT * 1000}",  # first: the next pragma may need a lock
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",  # overwrite deleted rows: participants may withdraw their data
        ):
            connection.execute(f"PRAGMA {pragma}")
        add_folding(connection)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        execution_options = connection.get_execution_options()
        if execution_options.get(
            "asks_first"
        ):  # no pragma: the write transaction that follows would change it again
            connection.exec_driver_sql("BEGIN")
            return
        reads_only = has_request_context() and request.method in SAFE_METHODS
        if execution_options.get("only_reads") or (reads_only and not execution_options.get("may_write")):
            _set_pragma(connection, "query_only", 1)
            connection.exec_driver_sql("BEGIN")
            return
        _set_pragma(connection, "query_only", 0)
        is_mark = execution_options.get("is_mark")  # not worth a long wait
        _set_pragma(
            connection, "busy_timeout", _MARK_LOCK_TIMEOUT if is_mark else _SQLITE_LOCK_TIMEOUT * 1000
        )
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _set_pragma(connection: Connection, pragma: str, value: int) -> None:
    """Set a pragma unless it has the value: a change invalidates SQLite's prepared statements."""
    pragmas = connection.info.setdefault("pragmas", {})
    if pragmas.get(pragma) != value:
        connection.exec_driver_sql(f"PRAGMA {pragma}={value}")
        pragmas[pragma] = value


def _reconnect_when_file_replaced(engine: Engine) -> None:
    """Reconnect when the database file was moved or replaced while the portal runs.

    SQLite would go on writing to the unlinked file, or create an empty one. Requests never create
    the database: commands do (`flask db upgrade`).
    """
    file = Path(engine.url.database or "")

    @event.listens_for(engine, "do_connect")
    def _only_open(_dialect: Any, _record: Any, args: list[Any], named: dict[str, Any]) -> None:
        if has_request_context():
            _open_existing_file_only(file, args, named)

    @event.listens_for(engine, "connect")
    def _note(_connection: sqlite3.Connection, record: Any) -> None:
        record.info["file"] = _file_identity(file)

    @event.listens_for(engine, "checkout")
    def _check(_connection: sqlite3.Connection, record: Any, _proxy: Any) -> None:
        if record.info["file"] != _file_identity(file):
            raise DisconnectionError  # the pool reconnects to the current file, if any


def truncate_wal(engine: Engine, wait: int) -> bool:
    """Checkpoint SQLite's write-ahead log, which still holds deleted rows, and truncate it.

    Waits `wait` milliseconds for readers. Returns whether the log is empty; True on PostgreSQL.
    """
    if engine.dialect.name != "sqlite":
        return True
    pooled = engine.raw_connection()
    try:
        connection: Any = pooled.driver_connection
        usual_timeout = pooled.info.get("pragmas", {}).get("busy_timeout", _SQLITE_LOCK_TIMEOUT * 1000)
        connection.execute(f"PRAGMA busy_timeout={wait}")
        try:
            (is_busy, *_counts) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            connection.execute(f"PRAGMA busy_timeout={usual_timeout}")
    finally:
        pooled.close()
    return not is_busy


def forbid_creating_database(engine: Engine) -> None:
    """Never create the SQLite file: for the worker, which serves no requests."""
    if engine.dialect.name != "sqlite":
        return
    file = Path(engine.url.database or "")

    @event.listens_for(engine, "do_connect")
    def _only_open(_dialect: Any, _record: Any, args: list[Any], named: dict[str, Any]) -> None:
        _open_existing_file_only(file, args, named)


def _open_existing_file_only(file: Path, args: list[Any], named: dict[str, Any]) -> None:
    args[0] = f"{file.absolute().as_uri()}?mode=rw"
    named["uri"] = True


def _file_identity(file: Path) -> tuple[int, int] | None:
    """Device and inode of a file; None when it is missing."""
    try:
        stat = file.stat()
    except OSError:
        return None
    return stat.st_dev, stat.st_ino

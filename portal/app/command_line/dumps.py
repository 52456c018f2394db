"""Consistent copies of a database: created, checked and restored, on either engine."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Engine

SQLITE_COPY = "portal.db"
POSTGRESQL_COPY = "portal.dump"

RowCounts = dict[str, int]  # rows per table


class CopyRefused(Exception):
    """The copy or the restore is impossible; nothing was overwritten."""


def copy_database(engine: Engine, folder: Path) -> tuple[RowCounts, str]:
    """Copy the database into a folder while others write to it; returns its rows and migration."""
    if engine.dialect.name == "sqlite":
        return _copy_sqlite(Path(engine.url.database or ""), folder / SQLITE_COPY)
    return _dump_postgresql(engine, folder / POSTGRESQL_COPY)


def check_database_copy(folder: Path) -> RowCounts | None:
    """Check the copy in a folder; returns its rows, None for PostgreSQL (only a restore counts)."""
    if (folder / SQLITE_COPY).exists():
        return _check_sqlite_copy(folder / SQLITE_COPY)
    _run_program(["pg_restore", "--list", str(folder / POSTGRESQL_COPY)])
    return None


def restore_database(engine: Engine, folder: Path) -> RowCounts:
    """Restore the copy into an empty database; returns the restored rows."""
    if engine.dialect.name == "sqlite":
        return _restore_sqlite(folder / SQLITE_COPY, Path(engine.url.database or ""))
    return _restore_postgresql(folder / POSTGRESQL_COPY, engine)


def _copy_sqlite(database: Path, copy: Path) -> tuple[RowCounts, str]:
    """Copy a snapshot while others write."""
    try:
        with closing(_open_sqlite(database, "rw")) as source:
            source.execute("VACUUM INTO ?", (str(copy),))
        return _count_sqlite_rows(copy)
    except sqlite3.Error as failed:
        raise CopyRefused(f"{database} could not be copied: {failed}.") from None


def _open_sqlite(database: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{database.absolute().as_uri()}?mode={mode}", uri=True, timeout=60)


def _count_sqlite_rows(database: Path) -> tuple[RowCounts, str]:
    with closing(_open_sqlite(database, "ro")) as source:
        names = source.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        )
        rows = {
            name: source.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
            for (name,) in sorted(names.fetchall())
        }
        migration = source.execute("SELECT version_num FROM alembic_version").fetchone()
    return rows, migration[0] if migration else ""


def _check_sqlite_copy(database: Path) -> RowCounts:
    try:
        with closing(_open_sqlite(database, "ro")) as source:
            integrity_result = source.execute("PRAGMA integrity_check").fetchone()[0]
            orphan = source.execute("PRAGMA foreign_key_check").fetchone()
        rows, _ = _count_sqlite_rows(database)
    except sqlite3.Error as broken:
        raise CopyRefused(f"The copied database cannot be read: {broken}.") from None
    if integrity_result != "ok" or orphan:
        raise CopyRefused(f"The copied database is damaged: {orphan or integrity_result}.")
    return rows


def _restore_sqlite(copy: Path, database: Path) -> RowCounts:
    for leftover in (database, Path(f"{database}-wal"), Path(f"{database}-shm")):
        if leftover.exists():
            raise CopyRefused(f"{leftover} is there: move it away first.")
    database.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(f"{database}.partial")
    try:
        shutil.copyfile(copy, partial)
        sync_to_disk(partial)
        os.link(partial, database)  # unlike a rename, fails if the target exists
        sync_to_disk(database.parent)
    except OSError as failed:
        raise CopyRefused(f"{database} could not be written: {failed.strerror}.") from None
    finally:
        partial.unlink(missing_ok=True)
    return _count_sqlite_rows(database)[0]


def _dump_postgresql(engine: Engine, copy: Path) -> tuple[RowCounts, str]:
    """Count and dump in the same snapshot."""
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as source:
        for limit in ("idle_in_transaction_session_timeout", "statement_timeout"):
            source.execute(sa.text(f"SET LOCAL {limit} = 0"))  # a dump may take long
        snapshot = source.scalar(sa.text("SELECT pg_export_snapshot()"))
        rows_and_migration = _count_postgresql_rows(source)
        options = ["--format=custom", f"--snapshot={snapshot}", f"--file={copy}"]
        _run_postgresql_tool("pg_dump", engine.url, *options)
        source.rollback()
    return rows_and_migration


def _count_postgresql_rows(source: sa.Connection) -> tuple[RowCounts, str]:
    quote = source.dialect.identifier_preparer.quote
    rows = {
        name: int(source.scalar(sa.text(f"SELECT count(*) FROM {quote(name)}")) or 0)
        for name in sorted(sa.inspect(source).get_table_names())
    }
    if "alembic_version" not in rows:
        raise CopyRefused("The database has no portal in it.")
    return rows, str(source.scalar(sa.text("SELECT version_num FROM alembic_version")))


def _run_postgresql_tool(program: str, url: sa.URL, *options: str) -> None:
    """Run pg_dump or pg_restore. The password is passed in the environment, not in `ps`."""
    address = url.set(drivername="postgresql", password=None).render_as_string()
    environment = dict(os.environ)
    if url.password:
        environment["PGPASSWORD"] = str(url.password)
    _run_program([program, "--no-password", f"--dbname={address}", *options], environment)


def _run_program(command: list[str], environment: dict[str, str] | None = None) -> None:
    try:
        process = subprocess.run(  # noqa: S603  fixed programs, no shell
            command, env=environment, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        raise CopyRefused(
            f"{command[0]} is not on the path (on Debian: apt-get install postgresql-client)."
        ) from None
    if process.returncode:
        raise CopyRefused(f"{command[0]} failed: {process.stderr.strip()}")


def _restore_postgresql(copy: Path, engine: Engine) -> RowCounts:
    with engine.connect() as target:
        if sa.inspect(target).get_table_names():
            raise CopyRefused("The database is not empty: make another one, or drop this one.")
    options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    _run_postgresql_tool("pg_restore", engine.url, *options, str(copy))
    with engine.connect() as target:
        return _count_postgresql_rows(target)[0]


def sync_to_disk(path: Path) -> None:
    """fsync a file or a folder."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

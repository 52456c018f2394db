"""An empty migrated database for each test on either engine, restored in milliseconds."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from portal.platform.kernel.database import db
from tests.support import postgresql
from tests.support.sweeping import FileSweeper, ServerSweeper

HEAD = "head"
# Databases migrated by this process: by revision an SQLite file, and one database per server.
_files: dict[str, Path] = {}
_templates: set[tuple[sa.URL, str]] = set()
_TEMPLATE = f"migrated_{os.environ.get('PYTEST_XDIST_WORKER', 'one')}"


def migrate(app: Flask, revision: str = HEAD) -> None:
    """Run `flask db upgrade` on an empty database; from the second time on, copy the first."""
    with app.app_context():
        url = db.engine.url
        db.session.remove()
        db.engine.dispose()
        if url.drivername.startswith("sqlite"):
            _migrate_file(Path(str(url.database)), revision)
        else:
            _migrate_on_server(url, revision)
        db.session.remove()
        db.engine.dispose()


def _migrate_file(path: Path, revision: str) -> None:
    if revision in _files:
        shutil.copy(_files[revision], path)
        return
    upgrade(revision=revision)
    _checkpoint()
    folder = tempfile.mkdtemp(prefix="portal-migrated-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    _files[revision] = Path(shutil.copy(path, Path(folder) / "portal.db"))


def _checkpoint() -> None:
    """Write the WAL back, so that one file holds everything, and close it."""
    with db.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    db.engine.dispose()


def _migrate_on_server(url: sa.URL, revision: str) -> None:
    server, template = url.set(database="postgres"), f"{_TEMPLATE}_{revision}"
    if (server, revision) in _templates:
        postgresql.create_database(server, str(url.database), template=template)
        return
    upgrade(revision=revision)
    db.engine.dispose()
    postgresql.create_database(server, template, template=str(url.database))
    _templates.add((server, revision))


class Fresh:
    """Migrates a database once, then restores it before each test."""

    def __init__(self, app: Flask) -> None:
        migrate(app)
        self._sweeper = FileSweeper()
        with app.app_context():
            url = db.engine.url
            self._file = Path(url.database or "") if url.drivername.startswith("sqlite") else None
            if self._file:
                db.session.remove()
                _checkpoint()
                self._empty = Path(shutil.copy(self._file, self._file.with_suffix(".empty")))
            self.server = None if self._file else ServerSweeper(str(url.database))

    def restore(self, *, anew: bool = False) -> None:
        """Restore the migrated state; `anew`: in a new file without free pages of earlier tests."""
        if self.server:
            self.server.sweep()
        elif self._file and (anew or not self._sweeper.sweep()):
            self._replace(self._file)
            self._sweeper.begin(self._file)

    def _replace(self, file: Path) -> None:
        db.engine.dispose()
        self._sweeper.end()
        for leftover in (f"{file}-wal", f"{file}-shm"):
            Path(leftover).unlink(missing_ok=True)
        shutil.copy(self._empty, file)

"""The same empty, migrated database for each test, on either engine, in milliseconds."""

import shutil
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from portal.kernel.db import Base, db
from portal.programmes.models import INSTALLATION


class Fresh:
    """Migrates once, then puts the database back as it was before each test."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        with app.app_context():
            upgrade()
            url = db.engine.url
            self._file = Path(url.database or "") if url.drivername.startswith("sqlite") else None
            self._empty = self.keep("empty") if self._file else None

    def keep(self, name: str) -> Path:
        """What is in it now, to begin tests with: of SQLite alone."""
        assert self._file, "a copy is a file"
        db.session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
        return Path(shutil.copy(self._file, self._file.with_suffix(f".{name}")))

    def restore(self, kept: Path | None = None) -> None:
        """As it was when migrated, or when `kept`."""
        if self._file:
            db.engine.dispose()
            for leftover in (f"{self._file}-wal", f"{self._file}-shm"):
                Path(leftover).unlink(missing_ok=True)
            shutil.copy(kept or self._empty, self._file)
            return
        # A few rows each: TRUNCATE would make new files for every table and index.
        emptied = "; ".join(f'DELETE FROM "{name}"' for name in Base.metadata.tables)
        with db.engine.begin() as connection:
            # As a replica would: no guard of the trail, no foreign keys that ask for an order.
            connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
            connection.exec_driver_sql(emptied)
            connection.execute(
                sa.text(
                    "INSERT INTO scope (id, kind, created_at) VALUES (:id, 'installation', now())"
                ),
                {"id": INSTALLATION},
            )

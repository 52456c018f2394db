"""The migrations of an upgrade, tried and timed on a restored back-up."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from portal.app.command_line import dumps
from portal.app.command_line.dumps import CopyRefused
from portal.app.command_line.upgrade_checks import UpgradeFinding, UpgradeVerdict
from portal.platform.kernel import engines
from portal.platform.kernel.database import connection_outside_transaction, db
from portal.platform.kernel.migration_state import MIGRATIONS, head_migration


@dataclass(frozen=True)
class TimedMigration:
    """A migration to apply; `seconds` it took on the copy, None where none could be made."""

    number: str
    title: str
    seconds: float | None = None


def list_pending_migrations(schema: str) -> list[TimedMigration]:
    """The migrations that lead from a schema to this code, in their order."""
    scripts = ScriptDirectory(str(MIGRATIONS)).iterate_revisions(head_migration(), schema)
    return [TimedMigration(each.revision, each.doc.splitlines()[0]) for each in reversed(list(scripts))]


def rehearse_upgrade(schema: str, copy: Path | None) -> tuple[UpgradeFinding, list[TimedMigration]]:
    """Restore the copy beside the database, apply the migrations to it and drop it again."""
    planned = list_pending_migrations(schema)
    if not planned:
        return UpgradeFinding("migrations", UpgradeVerdict.GO, "There are none to apply."), []
    if copy is None:
        return _build_unmeasured_finding(planned, "without a back-up"), planned
    try:
        with _restore_scratch_database(copy) as engine:
            timed = [_apply_migration(each, engine) for each in planned]
    except CopyRefused as refused:
        return _build_unmeasured_finding(planned, str(refused)), planned
    except DBAPIError as failed:
        sentence = f"They fail on the copy: {type(failed.orig).__name__}. Do not upgrade."
        return UpgradeFinding("migrations", UpgradeVerdict.NO_GO, sentence), planned
    total = sum(each.seconds or 0 for each in timed)
    slowest = max(timed, key=lambda each: each.seconds or 0)
    sentence = (
        f"{len(timed)} took {total:.1f} s on a copy, {slowest.number} the longest ({slowest.seconds:.1f} s)."
    )
    return UpgradeFinding("migrations", UpgradeVerdict.GO, sentence), timed


def _build_unmeasured_finding(planned: list[TimedMigration], why: str) -> UpgradeFinding:
    return UpgradeFinding(
        "migrations", UpgradeVerdict.UNKNOWN, f"{len(planned)} to apply, not measured: {why}"
    )


def _apply_migration(migration: TimedMigration, engine: Engine) -> TimedMigration:
    config = current_app.extensions["migrate"].migrate.get_config()
    config.attributes["engine"] = engine
    began = time.monotonic()
    command.upgrade(config, migration.number)
    return TimedMigration(migration.number, migration.title, round(time.monotonic() - began, 2))


@contextmanager
def _restore_scratch_database(copy: Path) -> Iterator[Engine]:
    """The copy restored into a database of its own, which is dropped afterwards.

    Raises `CopyRefused` where the server does not let the portal's role create one.
    """
    if db.engine.dialect.name == "sqlite":
        with (
            TemporaryDirectory(prefix=".upgrade-check-", dir=copy.parent) as folder,
            _open_engine(sa.URL.create("sqlite", database=f"{folder}/portal.db")) as engine,
        ):
            dumps.restore_database(engine, copy)
            yield engine
        return
    name = f"portal_upgrade_check_{uuid4().hex[:12]}"
    with connection_outside_transaction() as server:
        try:
            server.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'"))
        except DBAPIError:
            raise CopyRefused(
                "the database's role may not create another one (ALTER ROLE … CREATEDB)."
            ) from None
        try:
            with _open_engine(db.engine.url.set(database=name)) as engine:
                dumps.restore_database(engine, copy)
                yield engine
        finally:
            server.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))


@contextmanager
def _open_engine(url: sa.URL) -> Iterator[Engine]:
    engine = sa.create_engine(url, hide_parameters=True)
    engines.configure_engine(engine)
    try:
        yield engine
    finally:
        engine.dispose()

"""Which versions of the portal serve, on which machines: `flask upgrade check` reads it.

Every process notes itself once a minute, in a row per machine, kind and version. Without the database,
or while it has no such table yet, it notes nothing and goes on.
"""

import platform
import threading
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from portal.platform.kernel import clock, engines
from portal.platform.kernel.database import Base, db, separate_transaction
from portal.platform.kernel.migration_state import head_migration
from portal.platform.kernel.version import version

INTERVAL = timedelta(minutes=1)
ALIVE = 3 * INTERVAL  # a process that was not seen for so long has ended
WEB, WORKER = "web", "worker"
_MACHINE_MAX, _VERSION_MAX = 80, 40  # characters


class RunningVersion(Base):
    """A version that processes of one kind ran on a machine, and when one was last seen."""

    __tablename__ = "running_version"

    machine: Mapped[str] = mapped_column(sa.String(_MACHINE_MAX), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    version: Mapped[str] = mapped_column(sa.String(_VERSION_MAX), primary_key=True)
    migration: Mapped[str] = mapped_column(sa.String(32))  # the newest that its code knows
    seen_at: Mapped[datetime]


def note_running_version(engine: Engine, kind: str) -> None:
    """Note that a process of this version runs here. Raises `SQLAlchemyError` without the database."""
    insert = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert
    key = {"machine": platform.node()[:_MACHINE_MAX], "kind": kind, "version": version()[:_VERSION_MAX]}
    latest = {"migration": head_migration(), "seen_at": clock.now()}
    row = insert(RunningVersion).values(key | latest)
    with separate_transaction(engine) as session:
        session.execute(row.on_conflict_do_update(index_elements=[*key], set_=latest))


def list_running_versions() -> Sequence[RunningVersion]:
    """What was seen of late, by machine."""
    recent = sa.select(RunningVersion).where(RunningVersion.seen_at > clock.now() - ALIVE)
    return db.session.scalars(recent.order_by(RunningVersion.machine, RunningVersion.kind)).all()


def delete_old_versions(before: datetime) -> int:
    """Delete what was last seen before a moment; returns how many rows."""
    with separate_transaction() as session:
        ended = sa.delete(RunningVersion).where(RunningVersion.seen_at < before)
        return len(session.scalars(ended.returning(RunningVersion.machine)).all())


def start_noting_running_version(app: Flask, kind: str) -> threading.Event:
    """Note this process now and every minute, in a thread that ends with it or with the event."""
    stop = threading.Event()
    with app.app_context():
        # Not the requests' pool: a connection that is opened outside of a request has longer time-outs.
        engine = sa.create_engine(db.engine.url, poolclass=sa.NullPool, hide_parameters=True)
    engines.configure_engine(engine)
    engines.forbid_creating_database(engine)

    def note() -> None:
        while True:
            with suppress(SQLAlchemyError), app.app_context():
                note_running_version(engine, kind)
            if stop.wait(INTERVAL.total_seconds()):
                return

    threading.Thread(target=note, name="running version", daemon=True).start()
    return stop

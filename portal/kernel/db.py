"""One base class, one session, one transaction per request.

Models are plain, typed SQLAlchemy. Flask-SQLAlchemy only gives them a session.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import Enum
from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from flask import Flask, Response, has_request_context, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, declared_attr, mapped_column
from sqlalchemy.orm.exc import StaleDataError

from portal.kernel import clock
from portal.kernel.errors import Conflict
from portal.kernel.ids import new_id
from portal.kernel.settings import Settings

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

# Seconds and milliseconds after which a database that does not answer is given up.
_POSTGRESQL = {
    "connect_timeout": 3,
    "tcp_user_timeout": 5000,
    "options": "-c statement_timeout=10000 -c lock_timeout=8000"
    " -c idle_in_transaction_session_timeout=30000 -c timezone=UTC",
}
_SQLITE_WAIT = 15  # seconds for another writer to finish
_MARK_WAIT = 500  # milliseconds


class UtcDateTime(sa.TypeDecorator[datetime]):
    """An aware datetime, kept in UTC on every database."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _: Any) -> datetime | None:
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _: Any) -> datetime | None:
        return value and value.replace(tzinfo=value.tzinfo or UTC)


class Base(DeclarativeBase):
    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {
        datetime: UtcDateTime,
        Enum: sa.Enum(
            Enum, native_enum=False, length=32, values_callable=lambda e: [m.value for m in e]
        ),
    }


class Entity(Base):
    """A row with an identity of its own."""

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Versioned(Base):
    """A row that people edit: `version` counts its saves, so that a stale one is refused."""

    __abstract__ = True

    version: Mapped[int] = mapped_column()

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


db = SQLAlchemy(metadata=Base.metadata)


def check_version(row: Versioned, seen: int) -> None:
    """Raise `Conflict` unless the row is still as it was when the person read it."""
    if row.version != seen:
        raise Conflict


def init_app(app: Flask, settings: Settings) -> None:
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    options: dict[str, Any] = {
        "pool_pre_ping": True,
        "pool_timeout": 3,
        "connect_args": _POSTGRESQL,
    }
    if settings.is_sqlite:
        options = {"connect_args": {"timeout": _SQLITE_WAIT}}
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options | {"hide_parameters": True}
    db.init_app(app)
    if settings.is_sqlite:
        with app.app_context():
            _use_sqlite_well(db.engine)


def _use_sqlite_well(engine: Engine) -> None:
    """Durable, with foreign keys, and safe with several processes.

    SQLAlchemy begins the transactions itself. A writer takes the lock at once (a reader that starts
    to write later would be refused), and a request that only reads may not write at all.
    """

    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout={_SQLITE_WAIT * 1000}",  # first: the next one may need a lock
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        reads_only = has_request_context() and request.method in SAFE_METHODS
        if reads_only and not connection.get_execution_options().get("may_write"):
            connection.exec_driver_sql("BEGIN")
            connection.exec_driver_sql("PRAGMA query_only=ON")
            return
        if reads_only:  # a mark left while reading is not worth a long wait
            connection.exec_driver_sql(f"PRAGMA busy_timeout={_MARK_WAIT}")
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    @event.listens_for(engine, "checkin")
    def _checkin(connection: sqlite3.Connection | None, _: Any) -> None:
        if connection is not None:
            connection.execute("PRAGMA query_only=OFF")
            connection.execute(f"PRAGMA busy_timeout={_SQLITE_WAIT * 1000}")


def end_transaction(response: Response) -> None:
    """Keep what a successful write did; forget everything else."""
    if request.method in SAFE_METHODS or response.status_code >= HTTPStatus.BAD_REQUEST:
        db.session.rollback()
        return
    try:
        db.session.commit()
    except StaleDataError:
        db.session.rollback()
        raise Conflict from None


def save() -> None:
    """Write what is pending, so that ids, versions and constraints speak now; not a commit."""
    try:
        db.session.flush()
    except StaleDataError:
        raise Conflict from None


@contextmanager
def aside() -> Iterator[Session]:
    """A small transaction of its own, for what reading leaves behind: marks of what was seen."""
    with Session(db.engine.execution_options(may_write=True)) as session, session.begin():
        yield session


def lock_row(model: type[Base], id_: UUID) -> None:
    """Hold a row until the end of the transaction, so that others who count wait their turn.

    SQLite needs nothing: its writers already wait for one another.
    """
    key = sa.inspect(model).primary_key[0]
    db.session.execute(sa.select(key).where(key == id_).with_for_update())

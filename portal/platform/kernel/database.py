"""One base class, one session, one transaction per request.

Models are plain, typed SQLAlchemy. Flask-SQLAlchemy only gives them a session.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import Enum
from functools import lru_cache
from http import HTTPStatus
from typing import Any, ClassVar, cast
from uuid import UUID

import sqlalchemy as sa
from flask import Flask, Response, has_request_context, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    SessionTransaction,
    declared_attr,
    make_transient_to_detached,
    mapped_column,
)
from sqlalchemy.orm.exc import StaleDataError

from portal.platform.kernel import clock, engines
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.errors import Conflict
from portal.platform.kernel.identifiers import new_id
from portal.platform.kernel.prepared_statements import PreparedStatement
from portal.platform.kernel.settings import Settings


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


def check_version(row: Versioned, expected_version: int) -> None:
    """Raise `Conflict` unless the row is still as it was when the person read it."""
    if row.version != expected_version:
        raise Conflict


def init_app(app: Flask, settings: Settings) -> None:
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engines.engine_options(settings)
    db.init_app(app)
    with app.app_context():
        engines.configure_engine(db.engine)


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


def fetch_rows(
    statement: sa.Executable | PreparedStatement, values: Mapping[str, Any]
) -> Sequence[Sequence[Any]]:
    """What a statement made once finds, as plain tuples: for lists.

    Half the cost of the session's own way, which would look for entities in them. What is pending
    in the session is not written first.
    """
    if isinstance(statement, PreparedStatement):
        return statement.execute(connection(), values)
    return connection().execute(statement, values).all()


def execute_write(
    statement: sa.Executable, values: Mapping[str, Any] | Sequence[Mapping[str, Any]]
) -> CursorResult[Any]:
    """The same for a statement made once that changes rows: for what every write does.

    A list of values is so many rows at once.

    What is pending in the session is not written first, and what it holds is not told.
    """
    return connection().execute(statement, values)


def connection(session: Session | None = None) -> sa.Connection:
    """The connection of a session (the request's), looked up once a transaction.

    Asking the session each time costs a quarter of a small statement.
    """
    session = session or db.session()
    under_way = _innermost_transaction(session)
    transaction, db_connection = session.info.get(_CONNECTION_KEY, (None, None))
    if under_way is None or transaction is not under_way or not under_way.is_active:
        db_connection = session.connection()
        session.info[_CONNECTION_KEY] = _innermost_transaction(session), db_connection
    return cast(sa.Connection, db_connection)


def _innermost_transaction(session: Session) -> SessionTransaction | None:
    """A savepoint is set when the session is first asked for its connection within it."""
    return session.get_nested_transaction() or session.get_transaction()


_CONNECTION_KEY = "connection of the transaction under way"


def insert_row(row: Base) -> None:
    """Write a new row at once, as if the session had loaded it just now.

    Half the cost of the session's unit of work: for rows that every write leaves. Its key and its
    other values are given by then: no default of the model is asked.
    """
    state = sa.inspect(row)
    values = dict(state.dict)
    fetch_rows(_insert_statement(type(row), tuple(values)), values)
    make_transient_to_detached(row)
    db.session.add(row)


@lru_cache
def _insert_statement(model: type[Base], columns: tuple[str, ...]) -> PreparedStatement:
    return PreparedStatement(sa.insert(model), columns=columns)


def flush_session() -> None:
    """Write what is pending, so that ids, versions and constraints speak now; not a commit."""
    try:
        db.session.flush()
    except StaleDataError:
        raise Conflict from None


def fetch_before_transaction(
    statement: PreparedStatement, values: Mapping[str, Any]
) -> Sequence[Sequence[Any]]:
    """One question of a request that may go on to write: on SQLite, outside of its transaction.

    There the transaction of a write holds the database from its first statement on.
    """
    if _may_read_in_transaction():
        return fetch_rows(statement, values)
    with db.engine.connect() as connection:
        return statement.execute(connection, values)


def _may_read_in_transaction() -> bool:
    """Whether a question may be asked within the request's transaction."""
    reads_only = has_request_context() and request.method in SAFE_METHODS
    return reads_only or db.engine.dialect.name != "sqlite" or db.session().in_transaction()


@contextmanager
def read_before_transaction() -> Iterator[None]:
    """The same for all that a request reads first."""
    if _may_read_in_transaction():
        yield
        return
    db.session.connection(execution_options={"asks_first": True})
    yield
    db.session.rollback()


@contextmanager
def transaction() -> Iterator[None]:
    """For what no request does: all that happens inside is kept at its end, or nothing of it."""
    try:
        yield
        db.session.commit()
    finally:
        db.session.remove()  # what was not committed is rolled back


@contextmanager
def read_only_transaction() -> Iterator[None]:
    """For what no request reads: it holds nobody up, and nothing is held once it is over."""
    fresh = not db.session().in_transaction()
    if fresh:
        db.session.connection(execution_options={"only_reads": True})
    try:
        yield
    finally:
        if fresh:
            db.session.remove()


@contextmanager
def separate_transaction() -> Iterator[Session]:
    """A small transaction of its own: marks of what was seen, marks of what was sent."""
    with Session(db.engine.execution_options(may_write=True)) as session, session.begin():
        yield session


def lock_row(model: type[Base], id_: UUID) -> None:
    """Lock a row (`SELECT … FOR UPDATE`) until the end of the transaction; others wait their turn.

    A row is locked once per transaction: the session remembers it, so a second call sends nothing.
    On SQLite the statement locks nothing, because its writers already wait for one another.
    """
    session, row = db.session(), (model, id_)
    transaction, locked_rows = session.info.get(_LOCKS_KEY, (None, frozenset()))
    if row in locked_rows and transaction is _innermost_transaction(session):
        return
    key = sa.inspect(model).primary_key[0]
    session.execute(sa.select(key).where(key == id_).with_for_update())
    under_way = _innermost_transaction(session)
    earlier_rows = locked_rows if transaction is under_way else frozenset()
    session.info[_LOCKS_KEY] = under_way, earlier_rows | {row}


_LOCKS_KEY = "rows locked in the transaction under way"

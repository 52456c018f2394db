"""What a request reads before the transaction in which it may write."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from flask import has_request_context, request

from portal.platform.kernel.database import db, fetch_rows
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.prepared_statements import PreparedStatement


def fetch_before_transaction(
    statement: PreparedStatement, values: Mapping[str, Any]
) -> Sequence[Sequence[Any]]:
    """Rows that a request reads before it may write; on SQLite outside of its transaction, which takes
    the database lock with its first statement."""
    if _may_read_in_transaction():
        return fetch_rows(statement, values)
    with db.engine.connect() as connection:
        return statement.execute(connection, values)


def _may_read_in_transaction() -> bool:
    """Whether reading within the request's transaction blocks no other writer."""
    return _is_safe_request() or db.engine.dialect.name != "sqlite" or db.session().in_transaction()


def _is_safe_request() -> bool:
    return has_request_context() and request.method in SAFE_METHODS


@contextmanager
def reading_before_transaction() -> Iterator[None]:
    """The same for everything that is read in the block."""
    if _may_read_in_transaction():
        yield
        return
    db.session.connection(execution_options={"asks_first": True})
    yield
    db.session.rollback()


@contextmanager
def reading_before_upload() -> Iterator[None]:
    """The same where an upload is checked afterwards, which may take long: no transaction stays open. Rows
    that were read are read again when they are next looked at."""
    with reading_before_transaction():
        yield
    if not _is_safe_request():
        db.session.rollback()

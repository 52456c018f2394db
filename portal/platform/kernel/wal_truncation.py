"""Truncation of SQLite's write-ahead log after personal data were deleted.

The log (`-wal`, beside the database) still holds deleted rows until a checkpoint copies it into the
database and truncates it, which SQLite does at no fixed time.
"""

import sqlite3
from datetime import datetime
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from portal.platform.kernel import engines
from portal.platform.kernel.database import db

# Milliseconds to wait for readers, in a request and in the worker.
_REQUEST_WAIT_MS, _WORKER_WAIT_MS = 250, 2000
_TRUNCATION_KEY = "truncate the log after this commit"  # key in `session.info`


def truncate_wal_after_commit() -> None:
    """Truncate the log after the current transaction's commit.

    When a reader holds it for too long, the worker does it in its next round.
    """
    db.session.info[_TRUNCATION_KEY] = True


def truncate_wal_now(_before: datetime) -> int:
    """Truncate the log now: a chore of the worker. Returns 1 when the log is empty, else 0."""
    return int(engines.truncate_wal(db.engine.engine, _WORKER_WAIT_MS))


def truncate_leftover_wal() -> int:
    """Truncate a log that a reader held after a commit: a job of the worker. Returns 0 or 1."""
    mark = _untruncated_wal_marker()
    if mark is None or not mark.exists():
        return 0
    mark.unlink()  # first, so that a request made meanwhile is not lost
    if engines.truncate_wal(db.engine.engine, _WORKER_WAIT_MS):
        return 1
    mark.touch()
    return 0


def _untruncated_wal_marker() -> Path | None:
    """The marker file beside the log; None on PostgreSQL."""
    engine = db.engine.engine  # tests put a connection in its place
    return Path(f"{engine.url.database}-uncut") if engine.dialect.name == "sqlite" else None


@event.listens_for(db.session, "after_commit")
def _truncate_after_commit(session: Session) -> None:
    if session.in_nested_transaction() or not session.info.pop(_TRUNCATION_KEY, False):
        return
    try:
        is_empty = engines.truncate_wal(db.engine.engine, _REQUEST_WAIT_MS)
    except (SQLAlchemyError, sqlite3.Error):  # the commit succeeded anyway
        is_empty = False
    mark = _untruncated_wal_marker()
    if mark is not None and not is_empty:
        mark.touch()


@event.listens_for(db.session, "after_rollback")
def _forget_after_rollback(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(_TRUNCATION_KEY, None)

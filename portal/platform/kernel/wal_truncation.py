"""What somebody takes back leaves no bytes in SQLite's log either.

That log (`-wal`, beside the database) holds each page as every commit left it, what was deleted
since too, until it is copied into the database and cut. SQLite cuts it when it likes.
"""

import sqlite3
from datetime import datetime
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from portal.platform.kernel import engines
from portal.platform.kernel.database import db

_REQUEST_WAIT_MS, _WORKER_WAIT_MS = (
    250,
    2000,
)  # milliseconds for who reads to finish: of a request, of the worker
_CUT_REQUESTED = (
    "the log is cut after this commit"  # in the session's notes, until its transaction ends
)


def truncate_wal_after_commit() -> None:
    """Cut the log once the transaction under way is kept. Where somebody reads for too long, the
    worker does it in its next round."""
    db.session.info[_CUT_REQUESTED] = True


def truncate_wal_now(_before: datetime) -> int:
    """The same at once, whoever asked: for the worker, now and then; 1 where nothing is left."""
    return int(engines.truncate_wal(db.engine.engine, _WORKER_WAIT_MS))


def truncate_leftover_wal() -> int:
    """What readers did not let be cut after its commit: for the worker; how many logs it cut."""
    mark = _leftover_marker()
    if mark is None or not mark.exists():
        return 0
    mark.unlink()  # first: what is asked for meanwhile is asked for again
    if engines.truncate_wal(db.engine.engine, _WORKER_WAIT_MS):
        return 1
    mark.touch()
    return 0


def _leftover_marker() -> Path | None:
    """The file that says so, beside the log."""
    engine = db.engine.engine  # itself, or that of the connection that stands in for it
    return Path(f"{engine.url.database}-uncut") if engine.dialect.name == "sqlite" else None


@event.listens_for(db.session, "after_commit")
def _truncate_after_commit(session: Session) -> None:
    if session.in_nested_transaction() or not session.info.pop(_CUT_REQUESTED, False):
        return
    try:
        was_cut = engines.truncate_wal(db.engine.engine, _REQUEST_WAIT_MS)
    except (SQLAlchemyError, sqlite3.Error):  # the commit is kept, whatever becomes of its log
        was_cut = False
    mark = _leftover_marker()
    if mark is not None and not was_cut:
        mark.touch()


@event.listens_for(db.session, "after_rollback")
def _forget_after_rollback(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(_CUT_REQUESTED, None)

"""What somebody takes back leaves no bytes in SQLite's log either.

That log (`-wal`, beside the database) holds each page as every commit left it, what was deleted
since too, until it is copied into the database and cut. SQLite cuts it when it likes.
"""

import sqlite3
from datetime import datetime

import structlog
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from portal.kernel import engines
from portal.kernel.db import db

log = structlog.get_logger("portal")

_ASKED = "the log is cut after this commit"  # in the session's notes, until its transaction ends


def leave_no_bytes() -> None:
    """Cut the log once the transaction under way is kept; if readers let it. The worker does later
    what they did not."""
    db.session.info[_ASKED] = True


def cut_log(_before: datetime) -> int:
    """The same at once, for the worker: 1 where it was cut or there is none, else 0."""
    return int(engines.cut_log(db.engine))


@event.listens_for(db.session, "after_commit")
def _cut(session: Session) -> None:
    if session.in_nested_transaction() or not session.info.pop(_ASKED, False):
        return
    try:
        was_cut = engines.cut_log(db.engine)
    except (SQLAlchemyError, sqlite3.Error):  # the commit is kept, whatever becomes of its log
        was_cut = False
    if not was_cut:
        log.warning("log not cut")


@event.listens_for(db.session, "after_rollback")
def _forget(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(_ASKED, None)

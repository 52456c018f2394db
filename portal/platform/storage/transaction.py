"""What becomes of bytes when the transaction that speaks of them ends.

Those of a row that was rolled back are deleted, and so are, once it is committed, those that a row
gave up. Where nobody knows whether a commit was kept, bytes stay: the sweep finds out later.
"""

import structlog
from flask import Flask, current_app
from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from portal.platform.kernel.database import db
from portal.platform.storage.storage import Storage, StorageAway

log = structlog.get_logger("portal")

# In the session's notes, until its transaction ends.
_NEW, _LEFT, _COMMITTING = "bytes of new rows", "bytes given up", "files are being committed"


def init_app(app: Flask, storage: Storage) -> None:
    app.extensions["storage"] = storage


def discard_on_rollback(key: str) -> None:
    """The row of these bytes was just made, in the transaction under way."""
    db.session.info.setdefault(_NEW, []).append(key)


def delete_on_commit(key: str) -> None:
    """The row of these bytes gave them up, in the transaction under way."""
    db.session.info.setdefault(_LEFT, []).append(key)


def discard_bytes(key: str) -> None:
    """Delete bytes that nothing names; what cannot be deleted now, the sweep deletes."""
    storage: Storage = current_app.extensions["storage"]
    try:
        storage.delete(key)
    except StorageAway as away:
        log.warning("file not deleted", key=key, fault=str(away))


@event.listens_for(db.session, "before_commit")
def _mark_committing(session: Session) -> None:
    if not session.in_nested_transaction() and session.info.get(_NEW):
        session.info[_COMMITTING] = True


@event.listens_for(db.session, "after_commit")
def _delete_given_up(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.info.pop(_NEW, None)
    for key in session.info.pop(_LEFT, ()):
        discard_bytes(key)


@event.listens_for(db.session, "after_transaction_end")
def _clean_up(session: Session, transaction: SessionTransaction) -> None:
    """Also where a session is closed without a word. After a commit there is nothing left."""
    if transaction.parent is not None:
        return
    session.info.pop(_LEFT, None)
    new: list[str] = session.info.pop(_NEW, [])
    if session.info.pop(_COMMITTING, False):
        return
    for key in new:
        discard_bytes(key)

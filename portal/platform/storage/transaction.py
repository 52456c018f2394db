"""Deletion of stored bytes at the end of a database transaction.

Deletes the bytes of new rows after a rollback, and those of deleted rows after the commit. When the
outcome of a commit is unknown the bytes stay, for the sweep to decide later.
"""

import structlog
from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from portal.platform.kernel.database import db
from portal.platform.kernel.services import get_service
from portal.platform.storage.storage import Storage, StorageAway

log = structlog.get_logger("portal")

# Keys in `session.info`, until the transaction ends.
_NEW, _LEFT, _COMMITTING = "bytes of new rows", "bytes given up", "files are being committed"


def get_storage() -> Storage:
    """The storage of the current application."""
    return get_service(Storage)  # type: ignore[type-abstract]


def discard_on_rollback(key: str) -> None:
    """Delete these bytes if the current transaction rolls back."""
    db.session.info.setdefault(_NEW, []).append(key)


def delete_on_commit(key: str) -> None:
    """Delete these bytes when the current transaction is committed."""
    db.session.info.setdefault(_LEFT, []).append(key)


def discard_bytes(key: str) -> None:
    """Delete bytes that no row refers to; when the storage is away, the sweep deletes them."""
    storage = get_storage()
    try:
        storage.delete(key)
    except StorageAway as away:
        log.warning("file not deleted", key=key, fault=str(away))


@event.listens_for(db.session, "before_commit")
def _mark_committing(session: Session) -> None:
    if not session.in_nested_transaction() and session.info.get(_NEW):
        session.info[_COMMITTING] = True


@event.listens_for(db.session, "after_commit")
def _delete_bytes_after_commit(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.info.pop(_NEW, None)
    for key in session.info.pop(_LEFT, ()):
        discard_bytes(key)


@event.listens_for(db.session, "after_transaction_end")
def _discard_bytes_after_rollback(session: Session, transaction: SessionTransaction) -> None:
    """Also when a session is closed without rollback; after a commit nothing is left to do."""
    if transaction.parent is not None:
        return
    session.info.pop(_LEFT, None)
    new: list[str] = session.info.pop(_NEW, [])
    if session.info.pop(_COMMITTING, False):
        return
    for key in new:
        discard_bytes(key)

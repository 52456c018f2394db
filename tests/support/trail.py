"""What a test reads back after commands: audit lines, and rows locked by the transaction."""

import sqlalchemy as sa

from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import _LOCKS_KEY, Base, _innermost_transaction, db


def audited_actions() -> list[str]:
    """Return the actions of all audit lines, oldest first."""
    return list(db.session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.id)))


def last_event() -> AuditEvent:
    """Return the newest audit line."""
    return db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc())).first()


def is_locked(row: Base) -> bool:
    """Tell whether the transaction under way has locked a row.

    SQLite locks nothing, but the session remembers the call there as well.
    """
    session = db.session()
    transaction, locked_rows = session.info.get(_LOCKS_KEY, (None, frozenset()))
    is_current = transaction is not None and transaction is _innermost_transaction(session)
    return is_current and (type(row), row.id) in locked_rows

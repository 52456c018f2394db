"""Hash chain of the audit trail: each event is sealed with a hash of itself and the previous seal.

Changing, deleting, moving or inserting an event invalidates every later seal. `flask audit verify`
checks the chain; an anchor stored elsewhere (`flask audit anchor`) reveals a rewritten chain.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from portal.platform.kernel.audit import AuditEvent, PendingAuditEvent, list_unsealed_events
from portal.platform.kernel.database import Base, connection
from portal.platform.kernel.prepared_statements import PreparedStatement

EMPTY_HASH = "0" * 64  # the hash before the first seal
COLUMNS = tuple(column.name for column in AuditEvent.__table__.columns)

ADVISORY_LOCK_ID = 0x6175646974  # PostgreSQL advisory lock that serialises seals; any unique number
_SAVEPOINT_KEY = "lines before each savepoint"  # key in `session.info`
_EXACT_INTEGER_MAX = 2**53  # a float represents integers below this exactly


class AuditSeal(Base):
    """The seal of one event. Numbers have no gaps and follow the order of commits."""

    __tablename__ = "audit_seal"

    number: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    event_id: Mapped[UUID] = mapped_column(unique=True)
    hash: Mapped[str] = mapped_column(sa.CHAR(64))


_CANONICAL_JSON = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False)


def seal_hash(before: str, line: Mapping[str, Any]) -> str:
    """SHA-256 of the previous hash and an event's columns as canonical JSON: 64 hex digits.

    The hashed text is the same on SQLite and PostgreSQL. NULL columns are left out, so a nullable
    column can be added later without changing earlier hashes.
    """
    return hashlib.sha256(f"{before}{_CANONICAL_JSON.encode(stable_line_values(line))}".encode()).hexdigest()


def stable_line_values(line: Mapping[str, Any]) -> dict[str, Any]:
    """An event's columns as JSON values, which are hashed alike wherever they are read."""
    return {name: _stable_value(value) for name, value in line.items() if value is not None}


def _stable_value(value: Any) -> Any:
    """The value as every database engine returns it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT_INTEGER_MAX:
        return int(value)  # some JSON engines return 1 for 1.0
    if isinstance(value, Mapping):
        return {str(key): _stable_value(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_stable_value(inner) for inner in value]
    return value


def init_app() -> None:
    """Register the session listeners that seal events at commit."""
    for name, listener in _SESSION_LISTENERS.items():
        if not event.contains(Session, name, listener):
            event.listen(Session, name, listener)


_NEWEST = sa.select(AuditSeal.number, AuditSeal.hash).order_by(AuditSeal.number.desc()).limit(1)
_LAST_SEAL = PreparedStatement(_NEWEST)
_APPEND = PreparedStatement(sa.insert(AuditSeal), columns=AuditSeal.__table__.columns.keys())
_TAKE_LOCK = PreparedStatement(sa.select(sa.func.pg_advisory_xact_lock(ADVISORY_LOCK_ID)))
# A subquery for other statements; NULL for an empty trail.
LAST_HASH = _NEWEST.with_only_columns(AuditSeal.hash).scalar_subquery()


def read_last_seal_number_and_hash(session: Session) -> tuple[int, str]:
    """Number and hash of the newest seal; (0, zeros) for an empty trail."""
    seal_rows = _LAST_SEAL.execute(connection(session), {})
    return (seal_rows[0][0], seal_rows[0][1]) if seal_rows else (0, EMPTY_HASH)


def _note_savepoint(session: Session, transaction: SessionTransaction) -> None:
    """Remember how many events precede a savepoint."""
    if transaction.nested:
        session.info.setdefault(_SAVEPOINT_KEY, {})[transaction] = len(list_unsealed_events(session))


def _drop_rolled_back_lines(session: Session, rolled_back: SessionTransaction) -> None:
    """Forget the events of a savepoint that was rolled back."""
    before = session.info.get(_SAVEPOINT_KEY, {}).get(rolled_back)
    if before is not None:
        del list_unsealed_events(session)[before:]


def _clear_lines(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        list_unsealed_events(session).clear()
        session.info.pop(_SAVEPOINT_KEY, None)


def _append_seals(session: Session) -> None:
    """Append a seal for each event of the transaction, last before its commit."""
    if session.in_nested_transaction():  # release of a savepoint: sealed at the outer commit
        return
    # Flush, which may wait for row locks, before the advisory lock is taken.
    session.flush()
    lines = sorted(list_unsealed_events(session), key=attrgetter("id"))
    if not lines:
        return
    if session.get_bind().dialect.name == "postgresql":  # SQLite has one writer at a time
        _TAKE_LOCK.execute(connection(session), {})
    for seal in _chain_seals(lines, *read_last_seal_number_and_hash(session)):
        _APPEND.execute(connection(session), seal)


def _chain_seals(lines: Iterable[PendingAuditEvent], number: int, before: str) -> Iterator[dict[str, Any]]:
    for line in lines:
        number += 1
        before = seal_hash(before, line.stored)
        yield {"number": number, "event_id": line.id, "hash": before}


_SESSION_LISTENERS: dict[str, Callable[..., None]] = {
    "after_transaction_create": _note_savepoint,
    "after_soft_rollback": _drop_rolled_back_lines,
    "after_transaction_end": _clear_lines,
    "before_commit": _append_seals,
}

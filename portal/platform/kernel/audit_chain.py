"""The audit trail, chained: each line is sealed with a hash of itself and of the seal before it.

Whoever changes, removes, moves or slips in a line must rewrite every later seal; who noted one of
those elsewhere (an anchor, `flask audit anchor`) notices even that. `flask audit verify` looks.
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

from portal.platform.kernel.audit import AuditEvent, AuditLine, list_unsealed
from portal.platform.kernel.database import Base, connection
from portal.platform.kernel.prepared_statements import PreparedStatement

EMPTY_HASH = "0" * 64  # the hash before the first seal
COLUMNS = tuple(column.name for column in AuditEvent.__table__.columns)

ADVISORY_LOCK_ID = (
    0x6175646974  # the advisory lock of whoever appends seals; any number that is nobody else's
)
_SAVEPOINT_KEY = "lines before each savepoint"  # where a session keeps them
_EXACT_INTEGER_MAX = 2**53  # integers that a float can hold


class AuditSeal(Base):
    """The place of one line in the chain. Numbers have no gaps and follow the order of commits."""

    __tablename__ = "audit_seal"

    number: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    event_id: Mapped[UUID] = mapped_column(unique=True)
    hash: Mapped[str] = mapped_column(sa.CHAR(64))


_IN_ORDER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False)


def seal_hash(before: str, line: Mapping[str, Any]) -> str:
    """The SHA-256, in hexadecimal, of the seal before and of every column of a line.

    The text that is hashed is the same on every engine. A column that holds nothing is left out,
    so that a column added later (nullable) leaves the hashes of earlier lines as they are.
    """
    stable_values = {
        name: _stable_value(value) for name, value in line.items() if value is not None
    }
    return hashlib.sha256(f"{before}{_IN_ORDER.encode(stable_values)}".encode()).hexdigest()


def _stable_value(value: Any) -> Any:
    """A value as every engine gives it back, whatever it was when it was put in."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT_INTEGER_MAX:
        return int(value)  # some JSON engines give 1.0 back as 1
    if isinstance(value, Mapping):
        return {str(key): _stable_value(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_stable_value(inner) for inner in value]
    return value


def init_app() -> None:
    """From here on, whatever session commits lines of the trail seals them."""
    for moment, act in _SESSION_LISTENERS.items():
        if not event.contains(Session, moment, act):
            event.listen(Session, moment, act)


_NEWEST = sa.select(AuditSeal.number, AuditSeal.hash).order_by(AuditSeal.number.desc()).limit(1)
_LAST_SEAL = PreparedStatement(_NEWEST)
_APPEND = PreparedStatement(sa.insert(AuditSeal), columns=AuditSeal.__table__.columns.keys())
_TAKE_LOCK = PreparedStatement(sa.select(sa.func.pg_advisory_xact_lock(ADVISORY_LOCK_ID)))
# To be asked within another statement; NULL for an empty trail.
LAST_HASH = _NEWEST.with_only_columns(AuditSeal.hash).scalar_subquery()


def find_last_seal(session: Session) -> tuple[int, str]:
    """Number and hash of the newest seal: what to note elsewhere. (0, zeros) for an empty trail."""
    seal_rows = _LAST_SEAL.execute(connection(session), {})
    return (seal_rows[0][0], seal_rows[0][1]) if seal_rows else (0, EMPTY_HASH)


def _note_savepoint(session: Session, transaction: SessionTransaction) -> None:
    """A savepoint notes how many lines came before it."""
    if transaction.nested:
        session.info.setdefault(_SAVEPOINT_KEY, {})[transaction] = len(list_unsealed(session))


def _drop_rolled_back_lines(session: Session, rolled_back: SessionTransaction) -> None:
    """The lines that a rolled back savepoint took away."""
    before = session.info.get(_SAVEPOINT_KEY, {}).get(rolled_back)
    if before is not None:
        del list_unsealed(session)[before:]


def _clear_lines(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        list_unsealed(session).clear()
        session.info.pop(_SAVEPOINT_KEY, None)


def _append_seals(session: Session) -> None:
    """Append a seal for each line of the transaction, as the last thing before its commit."""
    if session.in_nested_transaction():  # the end of a savepoint; its lines wait for the whole
        return
    # Everything that may wait for somebody else's row waits before the lock is taken.
    session.flush()
    lines = sorted(list_unsealed(session), key=attrgetter("id"))
    if not lines:
        return
    if session.get_bind().dialect.name == "postgresql":  # a writer of SQLite is alone already
        _TAKE_LOCK.execute(connection(session), {})
    for seal in _chain_seals(lines, *find_last_seal(session)):
        _APPEND.execute(connection(session), seal)


def _chain_seals(lines: Iterable[AuditLine], number: int, before: str) -> Iterator[dict[str, Any]]:
    for line in lines:
        number += 1
        before = seal_hash(before, vars(line))
        yield {"number": number, "event_id": line.id, "hash": before}


_SESSION_LISTENERS: dict[str, Callable[..., None]] = {
    "after_transaction_create": _note_savepoint,
    "after_soft_rollback": _drop_rolled_back_lines,
    "after_transaction_end": _clear_lines,
    "before_commit": _append_seals,
}

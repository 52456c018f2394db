"""The audit trail, chained: each line is sealed with a hash of itself and of the seal before it.

Whoever changes, removes, moves or slips in a line must rewrite every later seal; who noted one of
those elsewhere (an anchor, `flask audit anchor`) notices even that. `flask audit verify` looks.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from operator import attrgetter
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from portal.kernel.audit import AuditEvent, Line, unsealed
from portal.kernel.db import Base, connection, db
from portal.kernel.statements import Once

NOTHING = "0" * 64  # the hash before the first seal
COLUMNS = tuple(column.name for column in AuditEvent.__table__.columns)

LOCK = 0x6175646974  # the advisory lock of whoever appends seals; any number that is nobody else's
_BEFORE = "lines before each savepoint"  # where a session keeps them
_EXACT = 2**53  # integers that a float can hold


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
    held = {name: _stable(value) for name, value in line.items() if value is not None}
    return hashlib.sha256(f"{before}{_IN_ORDER.encode(held)}".encode()).hexdigest()


def _stable(value: Any) -> Any:
    """A value as every engine gives it back, whatever it was when it was put in."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return int(value)  # some JSON engines give 1.0 back as 1
    if isinstance(value, Mapping):
        return {str(key): _stable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_stable(inner) for inner in value]
    return value


def init_app() -> None:
    """From here on, whatever session commits lines of the trail seals them."""
    for moment, act in _MOMENTS.items():
        if not event.contains(Session, moment, act):
            event.listen(Session, moment, act)


_NEWEST = sa.select(AuditSeal.number, AuditSeal.hash).order_by(AuditSeal.number.desc()).limit(1)
_LAST = Once(_NEWEST)
_APPEND = Once(sa.insert(AuditSeal), columns=AuditSeal.__table__.columns.keys())
_TAKE_TURN = Once(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
# To be asked within another statement; NULL for an empty trail.
LAST_HASH = _NEWEST.with_only_columns(AuditSeal.hash).scalar_subquery()


def last_seal(session: Session) -> tuple[int, str]:
    """Number and hash of the newest seal: what to note elsewhere. (0, zeros) for an empty trail."""
    found = _LAST.send(connection(session), {})
    return (found[0][0], found[0][1]) if found else (0, NOTHING)


def _begin(session: Session, transaction: SessionTransaction) -> None:
    """A savepoint notes how many lines came before it."""
    if transaction.nested:
        session.info.setdefault(_BEFORE, {})[transaction] = len(unsealed(session))


def _forget(session: Session, rolled_back: SessionTransaction) -> None:
    """The lines that a rolled back savepoint took away."""
    before = session.info.get(_BEFORE, {}).get(rolled_back)
    if before is not None:
        del unsealed(session)[before:]


def _end(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        unsealed(session).clear()
        session.info.pop(_BEFORE, None)


CatchUp = Callable[[Iterable[Line]], None]


def follow(catch_up: CatchUp) -> None:
    """From here on, what a transaction wrote to the trail is given to this before its commit.

    It comes before whatever was hung up earlier, and before the seals: what it records is sealed
    with the rest.
    """
    if not event.contains(Session, "before_commit", _follower(catch_up)):
        event.listen(Session, "before_commit", _follower(catch_up), insert=True)


@cache
def _follower(catch_up: CatchUp) -> Callable[[Session], None]:
    def look(session: Session) -> None:
        if session.in_nested_transaction() or session is not db.session():
            return  # the end of a savepoint, or a small transaction aside
        session.flush()
        catch_up(unsealed(session))

    return look


def _seal(session: Session) -> None:
    """Append a seal for each line of the transaction, as the last thing before its commit."""
    if session.in_nested_transaction():  # the end of a savepoint; its lines wait for the whole
        return
    # Everything that may wait for somebody else's row waits before the lock is taken.
    session.flush()
    lines = sorted(unsealed(session), key=attrgetter("id"))
    if not lines:
        return
    if session.get_bind().dialect.name == "postgresql":  # a writer of SQLite is alone already
        _TAKE_TURN.send(connection(session), {})
    for seal in _chained(lines, *last_seal(session)):
        _APPEND.send(connection(session), seal)


def _chained(lines: Iterable[Line], number: int, before: str) -> Iterator[dict[str, Any]]:
    for line in lines:
        number += 1
        before = seal_hash(before, vars(line))
        yield {"number": number, "event_id": line.id, "hash": before}


_MOMENTS: dict[str, Callable[..., None]] = {
    "after_transaction_create": _begin,
    "after_soft_rollback": _forget,
    "after_transaction_end": _end,
    "before_commit": _seal,
}

"""Storage of the rate limits' counts: one row a key, in the database, exact under concurrency.

A storage back end of the library `limits`, which knows rates and windows. A fixed window begins
with the first attempt of a key. Keys are stored as HMACs only: the table holds neither an e-mail
address nor a network address.
"""

import hashlib
import hmac
from datetime import datetime, timedelta

import sqlalchemy as sa
from limits.storage import Storage
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from portal.platform.kernel import clock
from portal.platform.kernel.database import Base, db, separate_transaction

CLEANUP_INTERVAL = timedelta(minutes=10)
CLEANUP_BATCH = 1000  # rows


class AttemptCount(Base):
    """The number of attempts of one key in its current window."""

    __tablename__ = "attempt_count"

    key_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    attempts: Mapped[int]
    ends_at: Mapped[datetime] = mapped_column(index=True)


class AttemptCounter(Storage):
    """Counts attempts for the library `limits`.

    `incr` commits in a separate transaction, whether or not the request succeeds, so it must end
    before the request's transaction begins. `clear` and `decrement` are part of the request's
    transaction.
    """

    STORAGE_SCHEME = ["portal"]  # noqa: RUF012  as the library declares it

    def __init__(self, secret_key: str) -> None:
        super().__init__()
        self._secret = secret_key.encode()
        self._swept_at = clock.now()

    @property
    def base_exceptions(self) -> type[Exception]:
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count with one upsert; `expiry` in seconds. Returns the attempts in the window."""
        return self.count(key, expiry, amount)[0]

    def count(self, key: str, expiry: int, amount: int = 1) -> tuple[int, datetime]:
        """The same, which also starts a new window; returns the attempts and the window's end."""
        insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
        now = clock.now()
        row = {"attempts": amount, "ends_at": now + timedelta(seconds=expiry)}
        new = insert(AttemptCount).values(key_hash=self._hash(key), **row)
        is_over = AttemptCount.ends_at <= now
        ends_at = sa.case((is_over, new.excluded.ends_at), else_=AttemptCount.ends_at)
        before = sa.case((is_over, 0), else_=AttemptCount.attempts)
        counted = new.on_conflict_do_update(
            index_elements=[AttemptCount.key_hash],
            set_={"attempts": before + new.excluded.attempts, "ends_at": ends_at},
        ).returning(AttemptCount.attempts, AttemptCount.ends_at)
        with separate_transaction() as session:
            attempts, end = session.execute(counted).one()
        self._delete_ended_windows(now)
        return attempts, end

    def get(self, key: str) -> int:
        counted = sa.select(AttemptCount.attempts).where(*self._open_window_conditions(key))
        with separate_transaction() as session:
            return session.scalar(counted) or 0

    def get_expiry(self, key: str) -> float:
        """The end of the window as a Unix timestamp; now when no window is open."""
        with separate_transaction() as session:
            ends_at = session.scalar(
                sa.select(AttemptCount.ends_at).where(*self._open_window_conditions(key))
            )
        return (ends_at or clock.now()).timestamp()

    def check(self) -> bool:
        return True  # /health/ready checks the database

    def reset(self) -> int:
        with separate_transaction() as session:
            deleted_keys = session.scalars(sa.delete(AttemptCount).returning(AttemptCount.key_hash))
            return len(deleted_keys.all())

    def clear(self, key: str) -> None:
        """Delete a key's attempts, in the request's transaction."""
        db.session.execute(sa.delete(AttemptCount).where(*self._open_window_conditions(key)))

    def decrement(self, key: str) -> None:
        """Subtract one attempt, in the request's transaction."""
        decrement = sa.update(AttemptCount).where(
            *self._open_window_conditions(key), AttemptCount.attempts > 0
        )
        db.session.execute(decrement.values(attempts=AttemptCount.attempts - 1))

    def _hash(self, key: str) -> str:
        return hmac.new(self._secret, f"attempts {key}".encode(), hashlib.sha256).hexdigest()

    def _open_window_conditions(self, key: str) -> tuple[sa.ColumnElement[bool], ...]:
        """The conditions that select the open window of a key."""
        return AttemptCount.key_hash == self._hash(key), AttemptCount.ends_at > clock.now()

    def _delete_ended_windows(self, now: datetime) -> None:
        """Delete some ended windows every `CLEANUP_INTERVAL`; skips rows that others lock."""
        if timedelta(0) <= now - self._swept_at < CLEANUP_INTERVAL:  # the clock may be set back
            return
        self._swept_at = now
        ended = sa.select(AttemptCount.key_hash).where(AttemptCount.ends_at <= now)
        some = ended.limit(CLEANUP_BATCH).with_for_update(skip_locked=True)
        with separate_transaction() as session:
            session.execute(sa.delete(AttemptCount).where(AttemptCount.key_hash.in_(some)))

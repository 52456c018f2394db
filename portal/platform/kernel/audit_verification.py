"""Verification of the audit trail's hash chain, from its first seal or a verified one, in batches."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.audit_chain import COLUMNS, EMPTY_HASH, AuditSeal, seal_hash
from portal.platform.kernel.database import Base, db

BATCH = 1000  # rows
PROGRESS_EVERY = 5000  # seals
_HOUR = 3_600_000 << 80  # of a UUIDv7, whose first 48 bits are milliseconds

# Raised by values that do not fit their column's type: SQLite stores anything.
_UNREADABLE = (ValueError, TypeError, AttributeError, sa.exc.DBAPIError)


@dataclass(frozen=True)
class AuditAnchor:
    """A seal that was stored outside of the database: `NUMBER:HASH`."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


@dataclass
class AuditTrailVerification:
    """One pass over the trail; `seals` and `last` are final once `list_faults` has ended.

    `since` is the last seal of an earlier pass without faults: what stands before it is not read again.
    `on_progress` gets the number of seals read, every `PROGRESS_EVERY`.
    """

    anchors: Sequence[AuditAnchor] = ()
    batch: int = BATCH
    on_progress: Callable[[int], None] | None = None
    since: AuditAnchor | None = None
    seals: int = 0
    last: AuditAnchor = field(default_factory=lambda: AuditAnchor(0, EMPTY_HASH))

    def list_faults(self) -> Iterator[str]:
        """Yield a sentence for each fault."""
        # SQLite: must not block the portal's writers.
        engine = db.engine.execution_options(only_reads=True)
        with Session(engine) as session:
            first_id = UUID(int=0)
            if self.since is not None and self.since.number > 0:
                event_id, hash_ = _read_seal_event_id_and_hash(session, self.since.number)
                if event_id is None or hash_ != self.since.hash:
                    yield f"seal {self.since.number} is not the one to resume from: verify the whole trail"
                    return
                self.last, first_id = self.since, UUID(int=max(0, event_id.int - _HOUR))
                yield from _iterate_count_faults(session)
            yield from self._list_all_seal_faults(session)
            yield from self._list_unsealed_line_faults(session, first_id)

    def _list_all_seal_faults(self, session: Session) -> Iterator[str]:
        anchors = [anchor for anchor in self.anchors if anchor.number > 0]
        for number, event_id, hash_, line in self._list_seals(session):
            yield from self._list_seal_faults(number, event_id, hash_, line)
            if any(anchor.number == number and anchor.hash != hash_ for anchor in anchors):
                yield f"seal {number} is not the one of the anchor: the trail was rewritten"
        for anchor in sorted(anchors, key=attrgetter("number")):
            if anchor.number > self.last.number:
                yield (
                    f"the trail ends at seal {self.last.number}, and the anchor names seal"
                    f" {anchor.number}: its end was cut off"
                )

    def _list_seals(self, session: Session) -> Iterator[tuple[int, Any, str, dict[str, Any] | None]]:
        """Yield number, event id, hash and event of each seal; the event is None if unreadable."""
        columns = [AuditEvent.__table__.c[name] for name in COLUMNS]
        whole = sa.select(AuditSeal.number, AuditSeal.event_id, AuditSeal.hash, *columns)
        whole = whole.join_from(AuditSeal, AuditEvent, AuditEvent.id == AuditSeal.event_id, isouter=True)
        whole = _force_primary_key_order(_force_primary_key_order(whole, AuditSeal), AuditEvent)
        event_id = sa.type_coerce(AuditSeal.event_id, sa.String)
        bare = _force_primary_key_order(sa.select(AuditSeal.number, event_id, AuditSeal.hash), AuditSeal)
        at, size = self.last.number or -(2**63), self.batch
        while True:
            ahead = (AuditSeal.number > at, AuditSeal.number)
            try:
                rows = _read_batch(session, whole, *ahead, size)
            except _UNREADABLE:
                if size > 1:  # row by row up to the unreadable one
                    size = 1
                    continue
                rows, size = _read_batch(session, bare, *ahead, 1), self.batch
            if not rows:
                return
            for number, id_, hash_, *values in rows:
                line = dict(zip(COLUMNS, values, strict=True)) if values else None
                yield number, id_, hash_, line
            at = rows[-1].number

    def _list_seal_faults(
        self, number: int, event_id: object, hash_: str, line: dict[str, Any] | None
    ) -> Iterator[str]:
        """Check one seal against its event and the previous seal."""
        if not isinstance(number, int) or number < 1:
            yield f"seal {number} was added: seals are numbered from 1"
            return
        follows = number == self.last.number + 1
        if not follows:
            yield _missing_seals_sentence(self.last.number + 1, number - 1)
        if line is None:
            yield f"seal {number}: line {event_id} was changed, it cannot be read"
        elif line["id"] is None:
            yield f"seal {number}: its line {event_id} was removed"
        elif follows and not _matches_hash(self.last.hash, line, hash_):
            yield f"seal {number}: line {event_id} was changed or moved, or its seal was"
        self.seals += 1
        if self.on_progress and self.seals % PROGRESS_EVERY == 0:
            self.on_progress(self.seals)
        # Continue from the stored hash: one fault is reported once, and the next one too.
        self.last = AuditAnchor(number, hash_)

    def _list_unsealed_line_faults(self, session: Session, at: UUID) -> Iterator[str]:
        """Those after an id, in the order of ids, which is that of time. Without a join: SQLite would
        read all seals for each line where its statistics are of an early day."""
        lines, sealed = sa.select(AuditEvent.id), sa.select(AuditSeal.event_id)
        try:
            while rows := _read_batch(session, lines, AuditEvent.id > at, AuditEvent.id, self.batch):
                ids = [row.id for row in rows]
                with_seal = set(session.scalars(sealed.where(AuditSeal.event_id.in_(ids))))
                for id_ in ids:
                    if id_ not in with_seal:
                        yield f"line {id_} has no seal: it was added past the portal"
                at = ids[-1]
        except _UNREADABLE:
            yield f"after line {at}, an id cannot be read: it was changed"


def _read_seal_event_id_and_hash(session: Session, number: int) -> tuple[UUID | None, str]:
    """The event's id and the hash of a seal; None and "" where there is none that can be read."""
    try:
        row = session.execute(
            sa.select(AuditSeal.event_id, AuditSeal.hash).where(AuditSeal.number == number)
        ).first()
    except _UNREADABLE:
        return None, ""
    return (row.event_id, row.hash) if row else (None, "")


def _iterate_count_faults(session: Session) -> Iterator[str]:
    """A line that was added or removed before the seal to resume from, by the counts alone."""
    lines, seals = (
        session.scalar(sa.select(sa.func.count()).select_from(model)) for model in (AuditEvent, AuditSeal)
    )
    if lines != seals:
        yield f"the trail has {lines} lines and {seals} seals: verify it whole"


def _read_batch(session: Session, statement: Any, ahead: Any, order: Any, size: int) -> Sequence[Any]:
    """The next rows in key order (keyset pagination), at most `size`."""
    return session.execute(statement.where(ahead).order_by(order).limit(size)).all()


def _force_primary_key_order(statement: Any, model: type[Base]) -> Any:
    """Have SQLite read a table by its primary key. By statistics of a day when it held a line or two, it
    would read all lines for each seal."""
    index = f"sqlite_autoindex_{model.__tablename__}_1"
    return statement.with_hint(model.__table__, f"INDEXED BY {index}", "sqlite")


def _matches_hash(before: str, line: dict[str, Any], hash_: str) -> bool:
    try:
        return seal_hash(before, line) == hash_
    except _UNREADABLE:
        return False


def _missing_seals_sentence(first: int, last: int) -> str:
    missing = f"seal {first} is" if first == last else f"seals {first} to {last} are"
    return f"{missing} missing; seal {last + 1} cannot be held against the one before"

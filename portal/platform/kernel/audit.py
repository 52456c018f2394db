"""The audit trail: who did what to which row, when, with the values before and after. Append-only.

Commands append events inside their own transaction. Feeds, projections, triggers, notifications and
search read the trail.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import Base, Entity, db, fetch_rows, flush_session
from portal.platform.kernel.identifiers import new_id
from portal.platform.kernel.prepared_statements import PreparedStatement
from portal.platform.kernel.text import LazyString

Changes = Mapping[str, tuple[Any, Any]]  # field → (before, after)

ACTIONS: dict[str, "Action"] = {}


class Action:
    """A kind of audit event: its code is stored, its sentence is shown in feeds.

    The sentence is formatted with the event's `facts`: `_l("a clos le sprint %(number)s")`. An
    action without a sentence is left out of feeds. `ends`: the subject cannot be opened afterwards.
    Raises `ValueError` when a code is declared twice.
    """

    def __init__(self, code: str, sentence: LazyString | None = None, *, ends: bool = False) -> None:
        if code in ACTIONS:
            raise ValueError(f"{code} is declared twice")
        self.code = code
        self.sentence = sentence
        self.ends = ends
        ACTIONS[code] = self


class AuditEvent(Entity):
    """An event of the audit trail. It outlives the rows it refers to: no foreign keys."""

    __tablename__ = "audit_event"
    __table_args__ = (
        sa.Index("ix_audit_event_scope_id_id", "scope_id", "id"),
        sa.Index("ix_audit_event_subject_id_id", "subject_id", "id"),
        sa.Index("ix_audit_event_actor_id_id", "actor_id", "id"),
        sa.Index("ix_audit_event_action_id", "action", "id"),
    )
    actor_id: Mapped[UUID | None]  # None: the command line
    action: Mapped[str] = mapped_column(sa.String(64))
    subject: Mapped[str] = mapped_column(sa.String(64))  # table name
    subject_id: Mapped[UUID]
    scope_id: Mapped[UUID | None]
    facts: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    before: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    after: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    request_id: Mapped[str | None] = mapped_column(sa.String(64))


@dataclass(frozen=True)
class AuditLine:
    """An `AuditEvent` of the current transaction, as plain values."""

    id: UUID
    created_at: datetime
    actor_id: UUID | None
    action: str
    subject: str
    subject_id: UUID
    scope_id: UUID | None
    facts: dict[str, Any]
    before: dict[str, Any]
    after: dict[str, Any]
    request_id: str | None


def record(
    actor: Actor | None,
    action: Action,
    subject: Base,
    *,
    scope_id: UUID | None,
    facts: Mapping[str, Any] | None = None,
    changes: Changes | None = None,
) -> None:
    """Append an event to the audit trail in the current transaction; flushes the session first.

    `facts` are the values of the action's sentence; `changes` maps a field to (before, after).
    Neither may hold a secret, nor text that some reader of the scope may not see. Raises
    `ValueError` for a row without an id.
    """
    changes = changes or {}
    flush_session()
    line = AuditLine(
        id=new_id(),
        created_at=clock.now(),
        actor_id=actor.person_id if actor else None,
        action=action.code,
        subject=subject.__tablename__,
        subject_id=_id_of(subject),
        scope_id=scope_id,
        facts={name: _as_json_value(value) for name, value in (facts or {}).items()},
        before={name: _as_json_value(old) for name, (old, _) in changes.items()},
        after={name: _as_json_value(new) for name, (_, new) in changes.items()},
        request_id=structlog.contextvars.get_contextvars().get("request_id"),
    )
    fetch_rows(_APPEND, vars(line))
    list_unsealed(db.session()).append(line)


_APPEND = PreparedStatement(sa.insert(AuditEvent), columns=AuditEvent.__table__.columns.keys())


def list_unsealed(session: Session) -> list[AuditLine]:
    """The events of the current transaction, sealed at its commit (`audit_chain`)."""
    lines: list[AuditLine] = session.info.setdefault("audit events not sealed yet", [])
    return lines


def _id_of(row: Base) -> UUID:
    id_: UUID | None = sa.inspect(type(row)).primary_key_from_instance(row)[0]
    if id_ is None:
        raise ValueError("an event needs a row with an id: flush it first")
    return id_


def changes_of(row: Base, *, leave_out: frozenset[str] = frozenset()) -> Changes:
    """The unflushed changes of a row: field → (before, after), `version` excluded."""
    state = sa.inspect(row)
    changes = {}
    for attribute in state.mapper.column_attrs:
        if attribute.key in leave_out | {"version"}:
            continue
        history = state.attrs[attribute.key].load_history()
        if history.has_changes():
            old = history.deleted[0] if history.deleted else None
            new = history.added[0] if history.added else None
            if old != new:
                changes[attribute.key] = (old, new)
    return changes


def _as_json_value(value: Any) -> Any:
    """The JSON-serialisable form of a value."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value

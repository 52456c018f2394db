"""Who did what to which thing, when, with what was there before and after. Only ever appended to.

A command records inside its own transaction. Whatever wants news (feeds, later gates and triggers)
reads here; nothing calls back.
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
    """One kind of deed. Its code is kept in the trail, its sentence shown in feeds.

    The sentence may use what the deed's `facts` hold: `_l("a clos le sprint %(number)s")`. A deed
    without a sentence stays out of feeds. After one that `ends` its subject, there is nothing left
    to open.
    """

    def __init__(
        self, code: str, sentence: LazyString | None = None, *, ends: bool = False
    ) -> None:
        if code in ACTIONS:
            raise ValueError(f"{code} is declared twice")
        self.code = code
        self.sentence = sentence
        self.ends = ends
        ACTIONS[code] = self


class AuditEvent(Entity):
    """A line of the trail. It outlives the rows it names by their ids: no foreign keys."""

    __tablename__ = "audit_event"
    __table_args__ = (
        sa.Index("ix_audit_event_scope_id_id", "scope_id", "id"),
        sa.Index("ix_audit_event_subject_id_id", "subject_id", "id"),
    )
    actor_id: Mapped[UUID | None]  # None: the installation's own command line
    action: Mapped[str] = mapped_column(sa.String(64))
    subject: Mapped[str] = mapped_column(sa.String(64))  # the table's name
    subject_id: Mapped[UUID]
    scope_id: Mapped[UUID | None]
    facts: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    before: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    after: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    request_id: Mapped[str | None] = mapped_column(sa.String(64))


@dataclass(frozen=True)
class AuditLine:
    """What `AuditEvent` keeps of a deed, in the transaction that writes it."""

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
    """Append a line, in the transaction under way.

    `facts` are what the sentence needs; `changes` maps a field to (before, after). Neither may hold
    a secret, nor text that some reader of the scope may not see.
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
    """The lines of the transaction under way, which its commit will seal (`audit_chain`)."""
    lines: list[AuditLine] = session.info.setdefault("audit events not sealed yet", [])
    return lines


def _id_of(row: Base) -> UUID:
    id_: UUID | None = sa.inspect(type(row)).primary_key_from_instance(row)[0]
    if id_ is None:
        raise ValueError("a deed is recorded once its row is there")
    return id_


def changes_of(row: Base, *, leave_out: frozenset[str] = frozenset()) -> Changes:
    """What a row's pending edit changes: field → (before, after). Ask before it is flushed."""
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
    """A value as JSON can hold it."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value

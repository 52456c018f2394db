"""The audit trail: who did what to which row, when, with the values before and after. Append-only.

Commands append events inside their own transaction. Feeds, projections, triggers, notifications and
search read the trail.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, Session, foreign, mapped_column, relationship

from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import Base, Entity, db, fetch_rows, flush_session
from portal.platform.kernel.identifiers import new_id
from portal.platform.kernel.prepared_statements import PreparedStatement
from portal.platform.kernel.text import LazyString

Changes = Mapping[str, tuple[Any, Any]]  # field → (before, after)

REFERENCE = "typed text"  # the only key of a value that stands for a `TrailText`
TYPED_FACTS = frozenset(
    {"name", "team", "track_fr", "track_en"}
)  # the other facts are numbers, ids, paths and codes

ACTIONS: dict[str, "Action"] = {}


class Action:
    """A kind of audit event: its code is stored, its sentence is shown in feeds.

    The sentence is formatted with the event's `facts`: `_l("a clos le sprint %(number)s")`. An
    action without a sentence is left out of feeds. `ends`: the subject cannot be opened afterwards.
    `reserved` facts are for the team and the leads of its programme: others read the sentence without
    them. `told_as`: an action of the release before, under which notifications of a new one are stored,
    since that release fails on an unknown one; the code is then their fact `of_action`. `variants` are
    the sentences of events that have a fact, by its name; the first that fits. Raises `ValueError` when
    a code is declared twice.
    """

    def __init__(
        self,
        code: str,
        sentence: LazyString | None = None,
        *,
        ends: bool = False,
        reserved: Sequence[str] = (),
        told_as: "Action | None" = None,
        variants: Mapping[str, LazyString] | None = None,
    ) -> None:
        if code in ACTIONS:
            raise ValueError(f"{code} is declared twice")
        self.code = code
        self.sentence = sentence
        self.ends = ends
        self.reserved = reserved
        self.told_as = told_as
        self.variants = variants or {}
        ACTIONS[code] = self

    def find_sentence(self, facts: Mapping[str, Any]) -> LazyString | None:
        """The sentence of an event with these facts; None for one that feeds leave out."""
        return next((text for fact, text in self.variants.items() if facts.get(fact)), self.sentence)


class TrailText(Base):
    """A text that somebody typed, to which a line of the trail refers.

    It stands beside the trail, not in it, so that a name in it can be taken away without breaking
    the chain of seals.
    """

    __tablename__ = "trail_text"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[UUID] = mapped_column(index=True)
    body: Mapped[str] = mapped_column(sa.Text)


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
    stored_facts: Mapped[dict[str, Any]] = mapped_column("facts", sa.JSON)
    stored_before: Mapped[dict[str, Any]] = mapped_column("before", sa.JSON)
    stored_after: Mapped[dict[str, Any]] = mapped_column("after", sa.JSON)
    request_id: Mapped[str | None] = mapped_column(sa.String(64))
    texts: Mapped[list[TrailText]] = relationship(
        primaryjoin=lambda: AuditEvent.id == foreign(TrailText.event_id), lazy="selectin", viewonly=True
    )

    @hybrid_property
    def facts(self) -> dict[str, Any]:
        """The values of the action's sentence; in a statement, the stored column."""
        return restore_texts(self.stored_facts, self._text_bodies_by_id)

    @hybrid_property
    def before(self) -> dict[str, Any]:
        return restore_texts(self.stored_before, self._text_bodies_by_id)

    @hybrid_property
    def after(self) -> dict[str, Any]:
        return restore_texts(self.stored_after, self._text_bodies_by_id)

    @property
    def _text_bodies_by_id(self) -> Mapping[str, str]:
        return {str(text.id): text.body for text in self.texts}

    @facts.inplace.expression
    @classmethod
    def _facts_column(cls) -> Any:
        return cls.stored_facts

    @before.inplace.expression
    @classmethod
    def _before_column(cls) -> Any:
        return cls.stored_before

    @after.inplace.expression
    @classmethod
    def _after_column(cls) -> Any:
        return cls.stored_after


@dataclass(frozen=True)
class PendingAuditEvent:
    """An `AuditEvent` of the current transaction, as plain values. `stored` is its row, in which
    typed texts are references."""

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
    stored: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)


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
    flush_session()
    values = {
        "facts": dict(facts or {}),
        "before": {name: old for name, (old, _) in (changes or {}).items()},
        "after": {name: new for name, (_, new) in (changes or {}).items()},
    }
    row: dict[str, Any] = {
        "id": new_id(),
        "created_at": clock.now(),
        "actor_id": actor.person_id if actor else None,
        "action": action.code,
        "subject": subject.__tablename__,
        "subject_id": _id_of(subject),
        "scope_id": scope_id,
        "request_id": structlog.contextvars.get_contextvars().get("request_id"),
    }
    texts: list[dict[str, Any]] = []
    stored = row | {part: _set_texts_aside(part, fields, row["id"], texts) for part, fields in values.items()}
    fetch_rows(_APPEND, stored)
    if texts:
        db.session.execute(sa.insert(TrailText), texts)
    plain: dict[str, Any] = {
        part: {name: _as_json_value(value) for name, value in fields.items()}
        for part, fields in values.items()
    }
    list_unsealed_events(db.session()).append(PendingAuditEvent(**(row | plain), stored=stored))


def _set_texts_aside(
    part: str, values: Mapping[str, Any], event_id: UUID, texts: list[dict[str, Any]]
) -> dict[str, Any]:
    """Values as JSON, with a reference for each typed text, whose row is added to `texts`."""
    stored = {}
    for name, value in values.items():
        is_typed = type(value) is str and value and (part != "facts" or name in TYPED_FACTS)
        if is_typed:
            id_ = new_id()
            texts.append({"id": id_, "event_id": event_id, "body": value})
            stored[name] = {REFERENCE: str(id_)}
        else:
            stored[name] = _as_json_value(value)
    return stored


def restore_texts(values: Mapping[str, Any], bodies: Mapping[str, str]) -> dict[str, Any]:
    """Values with their typed texts, from the bodies by id; "" for a text that is gone."""
    return {
        name: bodies.get(value[REFERENCE], "") if is_text_reference(value) else value
        for name, value in values.items()
    }


def is_text_reference(value: object) -> bool:
    """Whether a stored value stands for a typed text."""
    return isinstance(value, dict) and value.keys() == {REFERENCE}


_APPEND = PreparedStatement(sa.insert(AuditEvent), columns=AuditEvent.__table__.columns.keys())


def list_unsealed_events(session: Session) -> list[PendingAuditEvent]:
    """The events of the current transaction, sealed at its commit (`audit_chain`)."""
    lines: list[PendingAuditEvent] = session.info.setdefault("audit events not sealed yet", [])
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

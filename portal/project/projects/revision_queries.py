"""Revisions of a row from the audit trail, newest first, for the page of its history."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select

from portal.people.accounts.queries import read_person_names
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db

REVISIONS_MAX = 200


@dataclass(frozen=True)
class AuditRevision:
    """An audit event of a row; `changes` maps a field to (before, after), `by` is an actor's id."""

    id: UUID
    at: datetime
    who: str
    action: str
    facts: dict[str, Any]
    changes: dict[str, tuple[Any, Any]]
    by: UUID | None


_REVISIONS = (
    select(AuditEvent)
    .where(
        AuditEvent.subject_id.in_(bindparam("subjects", expanding=True)),
        AuditEvent.action.in_(bindparam("actions", expanding=True)),
    )
    .order_by(AuditEvent.id.desc())
    .limit(REVISIONS_MAX)
)


def list_revisions(ids: Iterable[UUID], actions: Collection[str]) -> Sequence[AuditRevision]:
    """List the events with these actions on rows that the caller may see, newest first.

    At most `REVISIONS_MAX`.
    """
    events = db.session.scalars(_REVISIONS, {"subjects": list(ids), "actions": list(actions)}).all()
    names = read_person_names(event.actor_id for event in events)
    return [
        AuditRevision(
            id=event.id,
            at=event.created_at,
            who=names.get(event.actor_id, "") if event.actor_id else "",
            action=event.action,
            facts=event.facts,
            changes={field: (event.before.get(field), event.after.get(field)) for field in event.after},
            by=event.actor_id,
        )
        for event in events
    ]

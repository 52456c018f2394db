"""What the trail keeps of one thing: its saves, newest first, for the page of its history."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.people.accounts.queries import names_of
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db

REVISIONS_MAX = 200


@dataclass(frozen=True)
class AuditRevision:
    """One save: who, when, what kind, and field → (before, after) as the trail keeps them."""

    at: datetime
    who: str
    action: str
    facts: dict[str, Any]
    changes: dict[str, tuple[Any, Any]]
    by: UUID | None


def list_revisions(ids: Iterable[UUID], actions: Collection[str]) -> Sequence[AuditRevision]:
    """What was done, among these actions, to things that the caller may see; newest first."""
    events = db.session.scalars(
        select(AuditEvent)
        .where(AuditEvent.subject_id.in_(list(ids)), AuditEvent.action.in_(actions))
        .order_by(AuditEvent.id.desc())
        .limit(REVISIONS_MAX)
    ).all()
    names = names_of(event.actor_id for event in events)
    return [
        AuditRevision(
            at=event.created_at,
            who=names.get(event.actor_id, "") if event.actor_id else "",
            action=event.action,
            facts=event.facts,
            changes={
                field: (event.before.get(field), event.after.get(field)) for field in event.after
            },
            by=event.actor_id,
        )
        for event in events
    ]

"""The timeline of an application, from the audit trail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.people.accounts.queries import read_person_names
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.selection.applications.queries import LoadedApplication

EVENTS_MAX = 100
# What a juror reads of the timeline; leads without a conflict read all of it.
JUROR_CODES = ("application.received", "application.judged", "scores.opened", "decision.published")


@dataclass(frozen=True)
class TimelineEvent:
    """An event of an application; `who` is empty for the portal itself."""

    code: str
    at: datetime
    who: str
    person: str
    facts: dict[str, Any]


def read_timeline(loaded: LoadedApplication) -> Sequence[TimelineEvent]:
    """The latest events of an application that the caller reads in full, latest first."""
    events = select(AuditEvent).where(
        AuditEvent.subject_id == loaded.application.id,
        AuditEvent.subject == loaded.application.__tablename__,
    )
    if not loaded.rights.is_lead:
        events = events.where(AuditEvent.action.in_(JUROR_CODES))
    rows = db.session.scalars(events.order_by(AuditEvent.id.desc()).limit(EVENTS_MAX)).all()
    names = read_person_names(
        [*(row.actor_id for row in rows), *(_find_named_person_id(row) for row in rows)]
    )

    def name(id_: Any) -> str:
        return names.get(id_, "") if id_ else ""

    return [
        TimelineEvent(
            row.action, row.created_at, name(row.actor_id), name(_find_named_person_id(row)), row.facts
        )
        for row in rows
    ]


def _find_named_person_id(row: AuditEvent) -> UUID | None:
    text = row.facts.get("person_id")
    return UUID(text) if text else None

"""Visits: when a person was last active, and how much others did in their projects since.

A visit is recorded by GET requests only and never audited.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, case, func, select
from sqlalchemy.dialects import postgresql, sqlite

from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db, fetch_rows
from portal.platform.kernel.identifiers import lowest_id_at
from portal.platform.kernel.marks import write_mark_or_skip
from portal.platform.kernel.prepared_statements import PreparedStatement
from portal.project.projects.models import LastPortalVisit

VISIT_GAP = timedelta(hours=4)  # idle time after which the next request begins another visit
NOTE_INTERVAL = timedelta(minutes=10)  # at most one write in this interval


def record_visit(actor: Actor) -> datetime | None:
    """Record that the actor is active; return when the visit before ended, None on the first.

    Upserts in a separate transaction at most every `NOTE_INTERVAL`; if the database is busy the
    write is skipped with a warning.
    """
    now, visit_mark = clock.now(), _find_last_visit_times(actor)
    if visit_mark is not None and now - visit_mark.seen_at < NOTE_INTERVAL:
        return visit_mark.before_at
    before_at = None
    if visit_mark is not None:
        before_at = visit_mark.seen_at if now - visit_mark.seen_at >= VISIT_GAP else visit_mark.before_at
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    mark = insert(LastPortalVisit).values(person_id=actor.person_id, seen_at=now, before_at=None)
    new_visit = LastPortalVisit.seen_at <= now - VISIT_GAP
    mark = mark.on_conflict_do_update(
        index_elements=[LastPortalVisit.person_id],
        set_={
            "seen_at": now,
            "before_at": case((new_visit, LastPortalVisit.seen_at), else_=LastPortalVisit.before_at),
        },
    )
    write_mark_or_skip(mark)
    return before_at


def find_previous_visit_end(actor: Actor) -> datetime | None:
    """Return when the visit before this one ended, without recording one; None on the first."""
    visit_mark = _find_last_visit_times(actor)
    if visit_mark is None:
        return None
    return visit_mark.seen_at if clock.now() - visit_mark.seen_at >= VISIT_GAP else visit_mark.before_at


@dataclass(frozen=True)
class _LastVisitTimes:
    seen_at: datetime
    before_at: datetime | None


def _find_last_visit_times(actor: Actor) -> _LastVisitTimes | None:
    rows = fetch_rows(_VISIT_MARK, {"person": actor.person_id})
    return _LastVisitTimes(*rows[0]) if rows else None


_VISIT_MARK = PreparedStatement(
    select(LastPortalVisit.seen_at, LastPortalVisit.before_at).where(
        LastPortalVisit.person_id == bindparam("person")
    )
)


def count_feed_events_by_others_by_project(
    actor: Actor, ids: Sequence[UUID], since: datetime
) -> Mapping[UUID, int]:
    """Count the events by other people since a moment in the feeds of projects, by project id."""
    feed_actions = [action.code for action in audit.ACTIONS.values() if action.sentence is not None]
    event_counts = (
        select(AuditEvent.scope_id, func.count())
        .where(
            AuditEvent.scope_id.in_(ids),
            AuditEvent.id >= lowest_id_at(since),
            AuditEvent.action.in_(feed_actions),
            AuditEvent.actor_id.is_distinct_from(actor.person_id),
        )
        .group_by(AuditEvent.scope_id)
    )
    return {scope: count for scope, count in db.session.execute(event_counts) if scope is not None}

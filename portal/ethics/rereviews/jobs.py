"""Raises the triggers that no act of a project causes: what came due, and new editions.

The worker looks at all projects with a decided review once a day, and when the trail says that an
edition was stored. It follows the numbers of the seals, which have no gaps and are in the order of
commits; it may be stopped at any moment.
"""

from dataclasses import dataclass
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, IntegrityError

from portal.ethics.questionnaires.commands import EDITION_STORED
from portal.ethics.rereviews.models import CURSOR_ID, TriggerCursor
from portal.ethics.rereviews.trigger_projections import raise_project_triggers
from portal.ethics.reviews.models import Review
from portal.platform.kernel import clock
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.audit_chain import AuditSeal
from portal.platform.kernel.database import db, transaction

log = structlog.get_logger("portal")

BATCH_SIZE = 500  # lines of the trail read in a step
_CURSOR = select(TriggerCursor).where(TriggerCursor.id == CURSOR_ID)


@dataclass(frozen=True)
class AuditTrailBatch:
    """What the next lines of the trail ask for; `seal` is the number of the last one."""

    seal: int
    is_due: bool  # all decided projects are to be looked at


def raise_due_triggers() -> int:
    """Raise triggers of what came due and of new editions; returns how many were raised."""
    raised_count = 0
    while (batch := _read_audit_trail_batch()) is not None:
        projects = _list_decided_project_ids() if batch.is_due else []
        raised_count += sum(_raise_triggers_safely(project_id) for project_id in sorted(projects))
        _save_cursor_with_retry(batch)
    return raised_count


def _raise_triggers_safely(project_id: UUID) -> int:
    """A fault in one project blocks no other: it is looked at again with its next change, and
    every day. While the database is away the cursor stays."""
    try:
        with transaction():
            return len(raise_project_triggers(project_id))
    except DBAPIError:
        raise
    except Exception as fault:  # noqa: BLE001  whatever it is, the other projects must be read
        log.error("re-review", project_id=str(project_id), fault=type(fault).__name__)
        return 0


def _read_audit_trail_batch() -> AuditTrailBatch | None:
    """None when there is nothing to look at."""
    with transaction():
        cursor = db.session.scalar(_CURSOR)
        seal = cursor.seal if cursor else 0
        is_new_day = cursor is None or cursor.looked_on != clock.today()
        statement = (
            select(AuditSeal.number, AuditEvent.action)
            .join(AuditEvent, AuditEvent.id == AuditSeal.event_id)
            .where(AuditSeal.number > seal)
            .order_by(AuditSeal.number)
            .limit(BATCH_SIZE)
        )
        lines = db.session.execute(statement).all()
    if not lines and not is_new_day:
        return None
    has_edition = any(line[1] == EDITION_STORED.code for line in lines)
    return AuditTrailBatch(lines[-1][0] if lines else seal, is_new_day or has_edition)


def _save_cursor_with_retry(batch: AuditTrailBatch) -> None:
    try:
        _write_cursor(batch)
    except IntegrityError:  # another worker has just written the first one
        _write_cursor(batch)


def _write_cursor(batch: AuditTrailBatch) -> None:
    with transaction():
        cursor = db.session.scalar(_CURSOR.with_for_update())
        if cursor is None:
            cursor = TriggerCursor(id=CURSOR_ID, seal=0)
            db.session.add(cursor)
        cursor.seal, cursor.looked_on = max(cursor.seal, batch.seal), clock.today()


def _list_decided_project_ids() -> set[UUID]:
    """Projects that have a decided review."""
    statement = select(Review.project_id).where(Review.decided_at.is_not(None)).distinct()
    with transaction():
        return set(db.session.scalars(statement))

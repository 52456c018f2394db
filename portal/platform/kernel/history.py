"""Past values of rows, from the audit trail.

Each audit event stores the values before a change. So a field's value at a moment is the `before`
of its first change after that moment; without one, it is the current value.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select

from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db, fetch_rows

REMINDER_PAUSE = timedelta(hours=20)  # between two reminders of the same row
PastValues = Mapping[str, Any]  # field → value, as JSON in the audit trail

_CHANGES_SINCE = (
    select(AuditEvent.subject_id, AuditEvent.action, AuditEvent.before)
    .where(
        AuditEvent.subject_id.in_(bindparam("subjects", expanding=True)),
        AuditEvent.created_at > bindparam("moment"),
    )
    .order_by(AuditEvent.id)
)


def find_values_at(ids: Iterable[UUID], moment: datetime) -> Mapping[UUID, PastValues]:
    """By row, the fields that changed after a moment with their values at it; one statement.

    A value that the event did not record (private text) is None. The key "" holds the code of the
    first action after the moment.
    """
    values_by_row: dict[UUID, dict[str, Any]] = {id_: {} for id_ in ids}
    for id_, action, before in fetch_rows(
        _CHANGES_SINCE, {"subjects": list(values_by_row), "moment": moment}
    ):
        values_by_row[id_].setdefault("", action)
        for name, value in before.items():
            values_by_row[id_].setdefault(name, value)
    return values_by_row


def was_recorded_since(subject_id: UUID, action: str, moment: datetime) -> bool:
    """Whether an action was recorded on a row after a moment."""
    statement = select(AuditEvent.id).where(
        AuditEvent.subject_id == subject_id, AuditEvent.action == action, AuditEvent.created_at > moment
    )
    return db.session.scalar(statement.limit(1)) is not None

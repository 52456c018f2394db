"""What rows held at an earlier moment, as the trail tells it.

The trail keeps each change with what was there before. So what a field held at a moment is what the
first change after that moment found; where nothing changed since, it is what the row holds now.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select

from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import fetch_rows

PastValues = Mapping[str, Any]  # field → what it held, as the trail keeps it

_CHANGES_SINCE = (
    select(AuditEvent.subject_id, AuditEvent.action, AuditEvent.before)
    .where(
        AuditEvent.subject_id.in_(bindparam("subjects", expanding=True)),
        AuditEvent.created_at > bindparam("moment"),
    )
    .order_by(AuditEvent.id)
)


def find_values_at(ids: Iterable[UUID], moment: datetime) -> Mapping[UUID, PastValues]:
    """By row, the fields that changed after a moment with what they held at it: one statement.

    What a deed kept to itself (its text is not told) is None here too. Under the empty name stands
    the first deed after the moment.
    """
    values_by_row: dict[UUID, dict[str, Any]] = {id_: {} for id_ in ids}
    for id_, action, before in fetch_rows(
        _CHANGES_SINCE, {"subjects": list(values_by_row), "moment": moment}
    ):
        values_by_row[id_].setdefault("", action)
        for name, value in before.items():
            values_by_row[id_].setdefault(name, value)
    return values_by_row

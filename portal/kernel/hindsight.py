"""What rows held at an earlier moment, as the trail tells it.

The trail keeps each change with what was there before. So what a field held at a moment is what the
first change after that moment found; where nothing changed since, it is what the row holds now.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select

from portal.kernel.audit import AuditEvent
from portal.kernel.db import rows

Then = Mapping[str, Any]  # field → what it held, as the trail keeps it

_SINCE = (
    select(AuditEvent.subject_id, AuditEvent.action, AuditEvent.before)
    .where(
        AuditEvent.subject_id.in_(bindparam("subjects", expanding=True)),
        AuditEvent.created_at > bindparam("moment"),
    )
    .order_by(AuditEvent.id)
)


def changed_since(ids: Iterable[UUID], moment: datetime) -> Mapping[UUID, Then]:
    """By row, the fields that changed after a moment with what they held at it: one statement.

    What a deed kept to itself (its text is not told) is None here too. Under the empty name stands
    the first deed after the moment.
    """
    found: dict[UUID, dict[str, Any]] = {id_: {} for id_ in ids}
    for id_, action, before in rows(_SINCE, {"subjects": list(found), "moment": moment}):
        found[id_].setdefault("", action)
        for name, value in before.items():
            found[id_].setdefault(name, value)
    return found

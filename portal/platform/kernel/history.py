"""Past values of rows, from the audit trail.

Each audit event stores the values before a change. So a field's value at a moment is the `before`
of its first change after that moment; without one, it is the current value.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, select, union

from portal.platform.kernel import clock
from portal.platform.kernel.audit import REFERENCE, AuditEvent, TrailText, is_text_reference, restore_texts
from portal.platform.kernel.database import db, fetch_rows
from portal.platform.kernel.identifiers import lowest_id_at

_ID_MARGIN = timedelta(minutes=1)  # between the times of an id and of its line
PastValues = Mapping[str, Any]  # field → value, as JSON in the audit trail

_CHANGES_SINCE = (
    select(AuditEvent.subject_id, AuditEvent.action, AuditEvent.before)
    .where(
        AuditEvent.subject_id.in_(bindparam("subjects", expanding=True)),
        AuditEvent.id >= bindparam("first"),  # the index of subjects ends in it
        AuditEvent.created_at > bindparam("moment"),
    )
    .order_by(AuditEvent.id)
    # with few rows to look for, SQLite would read all lines since the moment
    .with_hint(AuditEvent.__table__, "INDEXED BY ix_audit_event_subject_id_id", "sqlite")
)


def map_past_values_by_row(ids: Iterable[UUID], moment: datetime) -> Mapping[UUID, PastValues]:
    """By row, the fields that changed after a moment with their values at it; two statements.

    A value that the event did not record (private text) is None. The key "" holds the code of the
    first action after the moment.
    """
    values_by_row: dict[UUID, dict[str, Any]] = {id_: {} for id_ in ids}
    parameters = {"subjects": list(values_by_row), "moment": moment, "first": lowest_event_id_after(moment)}
    for id_, action, before in fetch_rows(_CHANGES_SINCE, parameters):
        values_by_row[id_].setdefault("", action)
        for name, value in before.items():
            values_by_row[id_].setdefault(name, value)
    bodies = _read_typed_texts(values_by_row.values())
    return {id_: restore_texts(values, bodies) for id_, values in values_by_row.items()}


def _read_typed_texts(rows: Iterable[Mapping[str, Any]]) -> Mapping[str, str]:
    """The typed texts that values refer to, by id; no statement where there are none."""
    ids = [UUID(value[REFERENCE]) for row in rows for value in row.values() if is_text_reference(value)]
    if not ids:
        return {}
    texts = db.session.execute(select(TrailText.id, TrailText.body).where(TrailText.id.in_(ids)))
    return {str(id_): body for id_, body in texts}


def lowest_event_id_after(moment: datetime) -> UUID:
    """A lower bound of the ids of lines recorded after a moment."""
    return lowest_id_at(moment - _ID_MARGIN)


def was_recorded_since(subject_id: UUID, action: str, moment: datetime) -> bool:
    """Whether an action was recorded on a row after a moment."""
    statement = select(AuditEvent.id).where(
        AuditEvent.subject_id == subject_id, AuditEvent.action == action, AuditEvent.created_at > moment
    )
    return db.session.scalar(statement.limit(1)) is not None


def was_recorded_today(subject_id: UUID, action: str) -> bool:
    """The same since the reader's day began: a reminder leaves once a day."""
    return was_recorded_since(subject_id, action, clock.start_of_today_for_reader())


def list_latest_events(
    sources: Sequence[Sequence[ColumnElement[bool]]], limit: int, *bounds: ColumnElement[bool]
) -> Sequence[AuditEvent]:
    """The latest events of any of the sources, newest first, at most `limit`.

    A source is a list of conditions of which one compares a column with an index
    (`subject_id`, `actor_id`, `scope_id`, `action`) with one value. Each source is read from the end
    of its index, so that the time does not grow with the trail; an `OR` would read all of it.
    """
    if not sources:
        return ()
    ends = [
        select(AuditEvent.id).where(*source, *bounds).order_by(AuditEvent.id.desc()).limit(limit).subquery()
        for source in sources
    ]
    ids = union(*(select(end.c.id) for end in ends))
    latest = select(AuditEvent).where(AuditEvent.id.in_(ids)).order_by(AuditEvent.id.desc()).limit(limit)
    return db.session.scalars(latest).all()

"""A chore of the worker: notify of due dates, the day before and once after they have passed."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid5

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from portal.communication.notifications import policy
from portal.communication.notifications.due_date_queries import DueReminderSource
from portal.communication.notifications.kind_queries import PAST, SOON
from portal.communication.notifications.models import Channel, Notification, Preference
from portal.people.accounts.models import Person
from portal.people.programmes.models import Scope
from portal.platform.kernel import clock
from portal.platform.kernel.database import db, execute_write, transaction

LATE_WINDOW = timedelta(days=30)  # older due dates were notified long ago
FACTS = ("number", "name", "path", "team")  # columns that become facts
MEETING_FACTS = ("hour", "duration", "place")  # and these before the day
AHEAD_WINDOW = timedelta(days=2)  # tomorrow in every time zone, and a margin


def notify_due_dates(dues: Sequence[DueReminderSource]) -> int:
    """Insert notifications of due dates; returns how many are new.

    Idempotent: `fact_id` is derived from the subject and its date. Nothing is recorded in the audit
    trail, since nobody acted.
    """
    today = clock.today()
    parameters = {"since": today - LATE_WINDOW, "until": today + AHEAD_WINDOW, "today": today}
    with transaction():
        notified_count = 0
        for due in dues:
            rows = list(_build_due_notification_rows(due, parameters))
            insert = postgresql if db.engine.dialect.name == "postgresql" else sqlite
            once = insert.insert(Notification).on_conflict_do_nothing()
            counted = once.returning(Notification.fact_id)
            notified_count += sum(len(execute_write(counted, row).all()) for row in rows)
        return notified_count


def _build_due_notification_rows(
    due: DueReminderSource, parameters: Mapping[str, date]
) -> Iterator[dict[str, Any]]:
    now = clock.now()
    for due_row in db.session.execute(_recipients_statement(due), parameters):
        today = clock.day_of(now, due_row.time_zone)
        if due_row.due_on > today + timedelta(days=1):
            continue
        action = PAST if due_row.due_on < today else SOON
        yield _build_due_notification_row(due, due_row, action, now)


def _build_due_notification_row(
    due: DueReminderSource, due_row: Any, action: str, now: datetime
) -> dict[str, Any]:
    names = (*FACTS, *MEETING_FACTS) if action == SOON else FACTS
    facts = {name: due_row._mapping[name] for name in names if name in due_row._mapping}
    return {
        "person_id": due_row.person_id,
        "fact_id": uuid5(due_row.subject_id, f"{action} {due_row.due_on}"),
        "created_at": now,
        "kind": due.kind.code,
        "action": action,
        "scope_id": due_row.scope_id,
        "around_id": due_row.around_id,
        "subject": due.subject,
        "subject_id": due_row.subject_id,
        "group_id": due_row.subject_id,
        "actor_id": None,
        "facts": facts,
        "due_at": now,
        "in_digest": False,
    }


def _recipients_statement(due: DueReminderSource) -> sa.Select[Any]:
    """The reminder's recipients who still have a role there and did not choose `NEVER`."""
    rows = due.rows.subquery()
    opted_out = sa.exists().where(
        Preference.person_id == rows.c.person_id,
        Preference.kind == due.kind.code,
        Preference.channel == Channel.NEVER,
    )
    return (
        sa.select(rows, Scope.parent_id.label("around_id"), Person.time_zone)
        .join(Person, Person.id == rows.c.person_id)
        .join(Scope, Scope.id == rows.c.scope_id)
        .where(
            Person.disabled_at.is_(None),
            policy.scope_reached_condition(rows.c.person_id, rows.c.scope_id, Scope.parent_id),
            ~opted_out,
        )
    )

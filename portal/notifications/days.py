"""A chore of the worker: whoever sees to something is told that its day comes, or has passed."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid5

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from portal.accounts.models import Person
from portal.kernel import clock
from portal.kernel.db import db, transaction, write
from portal.notifications import policy
from portal.notifications.dues import PAST, SOON, Due
from portal.notifications.models import Channel, Notification, Preference
from portal.programmes.models import Scope

BACK = timedelta(days=30)  # what is later than that was told long ago
AHEAD = timedelta(days=2)  # a day more than a time zone can make of tomorrow


def tell_due(dues: Sequence[Due]) -> int:
    """How many were told. The trail is not: nothing happened but time. A day is told once."""
    today = clock.today()
    given = {"since": today - BACK, "until": today + AHEAD}
    with transaction():
        told = 0
        for due in dues:
            rows = list(_rows(due, given))
            insert = postgresql if db.engine.dialect.name == "postgresql" else sqlite
            once = insert.insert(Notification).on_conflict_do_nothing()
            counted = once.returning(Notification.fact_id)
            told += sum(len(write(counted, row).all()) for row in rows)
        return told


def _rows(due: Due, given: Mapping[str, date]) -> Iterator[dict[str, Any]]:
    now = clock.now()
    for found in db.session.execute(_reached(due), given):
        today = clock.day_of(now, found.time_zone)
        if found.due_on > today + timedelta(days=1):
            continue
        action = PAST if found.due_on < today else SOON
        yield _row(due, found, action, now)


def _row(due: Due, found: Any, action: str, now: datetime) -> dict[str, Any]:
    return {
        "person_id": found.person_id,
        "fact_id": uuid5(found.subject_id, f"{action} {found.due_on}"),
        "created_at": now,
        "kind": due.kind.code,
        "action": action,
        "scope_id": found.scope_id,
        "around_id": found.around_id,
        "subject": due.subject,
        "subject_id": found.subject_id,
        "group_id": found.subject_id,
        "actor_id": None,
        "facts": {"number": found.number, "name": found.name},
        "due_at": now,
        "in_digest": False,
    }


def _reached(due: Due) -> sa.Select[Any]:
    """Those who still hold a role there, and did not choose never to hear of it."""
    rows = due.rows.subquery()
    refused = sa.exists().where(
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
            policy.reached(rows.c.person_id, rows.c.scope_id, Scope.parent_id),
            ~refused,
        )
    )

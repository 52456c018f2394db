"""What becomes of accounts that nobody uses: the next step of each, and how many a term would touch."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from portal.people.accounts.models import OpenSession, Person
from portal.people.privacy.erasure_models import OPEN_STAGES, Erasure
from portal.people.privacy.retention_models import UnusedAccountWarning
from portal.people.privacy.unused_rules import UnusedAccountNotices, UnusedAccountStep, find_due_step
from portal.platform.kernel import clock
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.database import db
from portal.platform.kernel.outbox import OutboxMessage
from portal.platform.kernel.retention import ActivitySource

BATCH = 200  # people of one round
NOBODYS = ".invalid"  # the end of the addresses of machines and of erased accounts (RFC 2606)


def count_unused_accounts_by_step(days: int) -> Mapping[UnusedAccountStep, int]:
    """How many people would be told, told again or erased at once with a term of so many days."""
    ids = list(db.session.scalars(sa.select(Person.id).order_by(Person.id)))
    counts: Counter[UnusedAccountStep] = Counter()
    for begin in range(0, len(ids), BATCH):
        counts.update(
            step for _person, _row, step in list_unused_account_steps(ids[begin : begin + BATCH], days)
        )
    return counts


def list_unused_account_steps(
    ids: Sequence[UUID], days: int
) -> Sequence[tuple[Person, UnusedAccountWarning | None, UnusedAccountStep]]:
    """The next step of each person, with what they were told; machines, erased accounts and those whose
    erasure is asked for already have none."""
    last_active = _read_last_activity(ids)
    own_notices = sa.select(UnusedAccountWarning).where(UnusedAccountWarning.person_id.in_(ids))
    notices = {row.person_id: row for row in db.session.scalars(own_notices)}
    has_erasure = sa.exists().where(Erasure.person_id == Person.id, Erasure.stage.in_(OPEN_STAGES))
    people = db.session.scalars(sa.select(Person).where(Person.id.in_(ids), ~has_erasure)).all()
    return [
        (person, row, find_due_step(last_active[person.id], _read_notices(row), days, clock.now()))
        for person in people
        if not person.email.endswith(NOBODYS)
        for row in (notices.get(person.id),)
    ]


def _read_last_activity(ids: Sequence[UUID]) -> Mapping[UUID, datetime]:
    """The last activity of each person: created, signed in, seen, acted, by a token."""
    statements = [
        sa.select(Person.id.label("person_id"), Person.created_at.label("at")).where(Person.id.in_(ids)),
        sa.select(OpenSession.person_id, sa.func.max(OpenSession.last_seen_at))
        .where(OpenSession.person_id.in_(ids))
        .group_by(OpenSession.person_id),
        sa.select(AuditEvent.actor_id, sa.func.max(AuditEvent.created_at))
        .where(AuditEvent.actor_id.in_(ids))
        .group_by(AuditEvent.actor_id),
        *(source.statement for source in list_contributions(ActivitySource)),
    ]
    latest: dict[UUID, datetime] = {}
    for statement in statements:
        for person_id, at in db.session.execute(statement):
            if person_id in ids and at is not None:
                latest[person_id] = max(at, latest.get(person_id, at))
    return latest


def _read_notices(row: UnusedAccountWarning | None) -> UnusedAccountNotices | None:
    if row is None:
        return None
    keys = [key for key in (row.first_key, row.second_key) if key]
    sent_letters = (
        sa.select(sa.func.count())
        .select_from(OutboxMessage)
        .where(OutboxMessage.message_key.in_(keys), OutboxMessage.sent_at.is_not(None))
    )
    return UnusedAccountNotices(
        row.first_at, row.second_at, (db.session.scalar(sent_letters) or 0) == len(keys)
    )

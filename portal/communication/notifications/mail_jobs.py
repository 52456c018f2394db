"""A job of the worker: queue the notification mails that are due, one transaction per person.

Notifications are settled in the transaction that queues their letter, so a killed worker has done
both or neither; a letter sent twice has the same Message-ID. A person gets at most one digest a
day. The person's preferences at sending time apply.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID, uuid5

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from portal.communication.notifications import policy, queries
from portal.communication.notifications.mail_queries import DIGEST, NOTICE, filter_mailable
from portal.communication.notifications.models import (
    CLOSES,
    OPENS,
    WORKING_DAYS,
    Channel,
    Notification,
    PersonMailHours,
)
from portal.communication.notifications.preference_commands import get_mail_hours
from portal.communication.notifications.queries import Kinds
from portal.people.accounts.models import Person
from portal.people.programmes.queries import actor_for
from portal.platform.kernel import clock, outbox
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, execute_write, transaction

log = structlog.get_logger("portal")

PEOPLE_PER_ROUND = 200  # the next round, seconds later, handles the others
ROWS_PER_PERSON = 500  # notifications of one person in one round

_IS_PENDING = Notification.settled_at.is_(None)


def send_due_mails(kinds: Kinds) -> int:
    """Queue due mails; returns how many letters were queued."""
    now = clock.now()
    with transaction():
        due = sa.select(Notification.person_id).where(_IS_PENDING, Notification.due_at <= now)
        people = db.session.scalars(due.distinct().limit(PEOPLE_PER_ROUND)).all()
    return sum(_send_to_person_safely(person_id, kinds, now) for person_id in people)


def _send_to_person_safely(person_id: UUID, kinds: Kinds, now: datetime) -> int:
    """Log a failure and go on with other people; an unavailable database stops the round."""
    try:
        return _send_to_person(person_id, kinds, now)
    except (OperationalError, PoolTimeout):
        raise
    except Exception as error:  # noqa: BLE001  one person's failure must not stop the others
        log.error("mails of a person", person_id=str(person_id), fault=type(error).__name__)
        return 0


def _send_to_person(person_id: UUID, kinds: Kinds, now: datetime) -> int:
    with transaction():
        person_query = sa.select(Person).where(Person.id == person_id)
        # Skips people locked by another worker; does not block inserts with a foreign key to them.
        person = db.session.scalar(person_query.with_for_update(skip_locked=True, key_share=True))
        return _PersonPendingNotifications(person, kinds, now).sort_and_queue_letters() if person else 0


class _PersonPendingNotifications:
    """The pending notifications of one person."""

    def __init__(self, person: Person, kinds: Kinds, now: datetime) -> None:
        self._person = person
        self._kinds = kinds
        self._now = now
        self._actor: Actor = actor_for(person.id)
        self._chosen_channels = queries.get_chosen_channels(person.id)
        self._rhythm = queries.find_mail_rhythm(person.id) or PersonMailHours(
            opens=OPENS, closes=CLOSES, days=WORKING_DAYS, no_digest=False
        )
        self._hours = get_mail_hours(person.time_zone, self._rhythm)

    def sort_and_queue_letters(self) -> int:
        """Sort due notifications into immediate mails, digest and inbox only; queue the letters.

        Returns how many letters were queued.
        """
        due = sa.select(Notification).where(
            Notification.person_id == self._person.id, _IS_PENDING, Notification.due_at <= self._now
        )
        rows = db.session.scalars(due.order_by(Notification.created_at).limit(ROWS_PER_PERSON)).all()
        mailable = [] if self._person.disabled_at else filter_mailable(self._actor, rows, self._kinds)
        self._mark_settled([row for row in rows if row not in mailable])
        at_once, digest = [], []
        for row in mailable:
            channel = self._channel_of(row)
            if channel is Channel.AT_ONCE and not row.in_digest:
                at_once.append(row)
            elif channel in {Channel.INBOX, Channel.NEVER}:
                self._mark_settled([row])
            elif row.in_digest:
                digest.append(row)
            else:
                self._defer_to_digest(row, channel)
        return self._queue_due_mails(at_once, digest)

    def _channel_of(self, row: Notification) -> Channel:
        default_channels = self._kinds[row.kind].usual
        audience = policy.audience_in(self._actor, row.scope_id)
        channel = self._chosen_channels.get(row.kind, default_channels[audience])
        if self._rhythm.no_digest and channel in {Channel.DAILY, Channel.WEEKLY}:
            return Channel.INBOX
        return channel

    def _defer_to_digest(self, row: Notification, channel: Channel) -> None:
        """Postpone to the next digest, daily or weekly."""
        is_weekly = channel is Channel.WEEKLY
        next_time = self._hours.next_weekly_digest if is_weekly else self._hours.next_digest
        row.in_digest, row.due_at = True, next_time(self._now)

    def _queue_due_mails(self, at_once: Sequence[Notification], digest: Sequence[Notification]) -> int:
        if not self._hours.is_open(self._now):
            for row in [*at_once, *digest]:
                row.due_at = self._hours.next_opening(self._now)
            return 0
        if digest and self._rhythm.no_digest:
            self._mark_settled(digest)  # above the daily limit of a person who wants no digest
            digest = []
        if digest and self._claim_digest():
            return self._queue_digest([*digest, *at_once])
        for row in digest:
            self._defer_to_digest(row, Channel.DAILY)
        return self._queue_notices(at_once)

    def _claim_digest(self) -> bool:
        """Claim today's digest; False if it was queued already."""
        today = self._hours.day_of(self._now)
        if self._rhythm.person_id is None:
            self._rhythm.person_id, self._rhythm.saves = self._person.id, 0
            db.session.add(self._rhythm)
            db.session.flush()
        elif self._rhythm.digested_on is not None and self._rhythm.digested_on >= today:
            return False
        # Leaves the row's version alone, so that an open page of preferences does not conflict.
        rhythm_update = sa.update(PersonMailHours).where(PersonMailHours.person_id == self._person.id)
        execute_write(rhythm_update.values(digested_on=today), {})
        return True

    def _queue_digest(self, rows: Sequence[Notification]) -> int:
        today = self._hours.day_of(self._now)
        ordered = sorted(rows, key=lambda row: row.created_at)
        for row in ordered:
            row.in_digest = True
        self._queue_mail(DIGEST, ordered, uuid5(self._person.id, f"digest {today}").hex)
        return 1

    def _queue_notices(self, rows: Sequence[Notification]) -> int:
        """Queue a letter per group up to the daily limit; the others wait for the digest."""
        chosen_limit = self._rhythm.at_once_most
        left = policy.default_immediate_mail_limit(self._actor) if chosen_limit is None else chosen_limit
        groups: dict[UUID, list[Notification]] = {}
        for row in rows:
            groups.setdefault(row.group_id, []).append(row)
        left -= self._count_sent_today() if groups else 0
        for group in groups.values():
            if left <= 0:
                for row in group:
                    self._defer_to_digest(row, Channel.DAILY)
                continue
            self._queue_mail(NOTICE, group, uuid5(self._person.id, group[-1].fact_id.hex).hex)
            left -= 1
        return sum(1 for group in groups.values() if group[0].letter)

    def _count_sent_today(self) -> int:
        day_start = self._hours.midnight_before(self._now)
        sent = sa.select(sa.func.count(Notification.letter.distinct())).where(
            Notification.person_id == self._person.id,
            Notification.settled_at >= day_start,
            Notification.in_digest.is_(False),
        )
        return db.session.scalar(sent) or 0

    def _queue_mail(self, kind: str, rows: Sequence[Notification], key: str) -> None:
        outbox.queue_letter(
            kind,
            address=self._person.email,
            locale=self._person.locale,
            facts={"about": [str(row.fact_id) for row in rows]},
            person_id=self._person.id,
            message_key=key,
        )
        self._mark_settled(rows, key)

    def _mark_settled(self, rows: Collection[Notification], letter: str | None = None) -> None:
        for row in rows:
            row.settled_at, row.letter = self._now, letter

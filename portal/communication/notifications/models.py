"""Notifications, preferences, mutes and mail hours."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.people.accounts.models import Person
from portal.people.programmes.models import Scope
from portal.platform.kernel import clock
from portal.platform.kernel.database import Base, Versioned

KIND_MAX = 40
OPENS, CLOSES = 8, 19  # default mail hours, in the person's time zone
WORKING_DAYS = "12345"  # ISO weekdays: Monday is 1
AT_ONCE_MOST = 20  # the highest limit of immediate mails a day


class Channel(StrEnum):
    """How a person receives a kind of notification; all but NEVER are in the inbox too."""

    INBOX = "inbox"  # no mail
    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


class Notification(Base):
    """One fact for one person: an audit event or a due date.

    An event's notifications are inserted in its own transaction. `due_at` is when the mail job
    handles the row next, `settled_at` when nothing more is to be sent. `group_id` is what the inbox
    and mail threads group by: a thread, or the object itself.
    """

    __tablename__ = "notification"
    __table_args__ = (
        Index(
            "ix_notification_unread",
            "person_id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
        Index(
            "ix_notification_waiting",
            "due_at",
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
        Index("ix_notification_person_id_group_id", "person_id", "group_id"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id), primary_key=True)
    fact_id: Mapped[UUID] = mapped_column(primary_key=True)  # the event's id, or a due date's
    created_at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(KIND_MAX))
    action: Mapped[str] = mapped_column(String(64))  # an audit action, or `SOON` or `PAST`
    scope_id: Mapped[UUID | None] = mapped_column(ForeignKey(Scope.id))
    around_id: Mapped[UUID | None] = mapped_column(ForeignKey(Scope.id))  # the scope's parent
    subject: Mapped[str] = mapped_column(String(64))  # the table's name
    subject_id: Mapped[UUID]
    group_id: Mapped[UUID]
    actor_id: Mapped[UUID | None]  # None: the installation, or a due date
    facts: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    read_at: Mapped[datetime | None]
    due_at: Mapped[datetime]
    in_digest: Mapped[bool] = mapped_column(default=False)  # waits for a digest
    settled_at: Mapped[datetime | None]

    @property
    def recorded_action(self) -> str:
        """The action as its event has it, where `action` is one that the release before knows."""
        return str(self.facts.get("of_action", self.action))

    @property
    def is_about_project(self) -> bool:
        """Whether its scope is a project: a programme's scope has no parent."""
        return self.around_id is not None

    letter: Mapped[str | None] = mapped_column(String(64))  # the key of its letter


class Preference(Base):
    """A person's channel for a kind; without a row, the default of their audience."""

    __tablename__ = "notification_preference"

    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id), primary_key=True)
    kind: Mapped[str] = mapped_column(String(KIND_MAX), primary_key=True)
    channel: Mapped[Channel]


class Mute(Base):
    """A person muted a project or a group."""

    __tablename__ = "notification_mute"

    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id), primary_key=True)
    about_id: Mapped[UUID] = mapped_column(primary_key=True)  # the id of a scope or a group
    scope_id: Mapped[UUID | None] = mapped_column(ForeignKey(Scope.id))  # the scope, or the group's
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class PersonMailHours(Versioned):
    """A person's mail hours and days, in their own time zone.

    `at_once_most` is the daily limit of immediate mails, above which notifications wait for the
    digest; None is the default of their audience. `no_digest` keeps digests in the inbox only.
    """

    __tablename__ = "notification_rhythm"
    __table_args__ = (
        CheckConstraint("opens BETWEEN 0 AND 23 AND closes BETWEEN 1 AND 24", name="hours"),
        CheckConstraint("opens < closes", name="opens_before_it_closes"),
        CheckConstraint("days <> ''", name="some_day"),
        CheckConstraint(f"at_once_most BETWEEN 0 AND {AT_ONCE_MOST}", name="at_once_most"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id), primary_key=True)
    opens: Mapped[int] = mapped_column(default=OPENS)
    closes: Mapped[int] = mapped_column(default=CLOSES)
    days: Mapped[str] = mapped_column(String(7), default=WORKING_DAYS)
    at_once_most: Mapped[int | None]
    no_digest: Mapped[bool] = mapped_column(default=False)
    saves: Mapped[int] = mapped_column(default=0)
    digested_on: Mapped[date | None]  # the person's own day of their last digest

"""What a person is told of, and how they wish to be told."""

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
OPENS, CLOSES = 8, 19  # hours of a person's own day, unless they say otherwise
WORKING_DAYS = "12345"  # ISO: Monday is 1
AT_ONCE_MOST = 20  # mails a day, at most


class Channel(StrEnum):
    """How somebody wishes to be told of a kind of news."""

    INBOX = "inbox"  # there alone
    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"  # not even there


class Notification(Base):
    """One fact for one person: a line of the trail, or a day that came.

    It is written in the fact's own transaction, and is what the mail is made of: `due_at` is when
    its mail is looked at next, `settled_at` when nothing more is to be sent. `group_id` is what it
    stands with in the inbox and in a mail program: a thread, or the object itself.
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
    fact_id: Mapped[UUID] = mapped_column(primary_key=True)  # the line's id, or the day's own
    created_at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(KIND_MAX))
    action: Mapped[str] = mapped_column(String(64))  # of the trail; empty for a day that came
    scope_id: Mapped[UUID | None] = mapped_column(ForeignKey(Scope.id))
    around_id: Mapped[UUID | None] = mapped_column(ForeignKey(Scope.id))  # the scope's parent
    subject: Mapped[str] = mapped_column(String(64))  # the table's name
    subject_id: Mapped[UUID]
    group_id: Mapped[UUID]
    actor_id: Mapped[UUID | None]  # None: the installation itself, or time
    facts: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    read_at: Mapped[datetime | None]
    due_at: Mapped[datetime]
    in_digest: Mapped[bool] = mapped_column(default=False)  # it waits for one
    settled_at: Mapped[datetime | None]
    letter: Mapped[str | None] = mapped_column(String(64))  # the key of the mail it left in


class Preference(Base):
    """What a person chose for a kind of news; without a row, what is usual for their role."""

    __tablename__ = "notification_preference"

    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id), primary_key=True)
    kind: Mapped[str] = mapped_column(String(KIND_MAX), primary_key=True)
    channel: Mapped[Channel]


class Mute(Base):
    """A person does not wish to hear of a project, or of one thing in it."""

    __tablename__ = "notification_mute"

    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id), primary_key=True)
    about_id: Mapped[UUID] = mapped_column(primary_key=True)  # a scope's id, or a group's
    scope_id: Mapped[UUID | None] = mapped_column(ForeignKey(Scope.id))  # where that is
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Rhythm(Versioned):
    """When mails may come to a person: hours of their own day, days of their week.

    `at_once_most` is how many leave at once in a day, the others wait for the digest; None: what is
    usual. `no_digest` keeps what a digest would tell in the inbox alone.
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
    digested_on: Mapped[date | None]  # their day of the last digest: never two

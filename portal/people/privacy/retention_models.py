"""Terms of retention that an installation or a programme set, what they removed, unused accounts."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.people.accounts.models import Person
from portal.people.programmes.models import Scope
from portal.platform.kernel.database import Base, Entity, Versioned
from portal.platform.kernel.retention import DAYS_MAX, DAYS_MIN

KEY_MAX = 40


class RetentionTerm(Versioned, Entity):
    """A term in days, of the installation or of a programme; without a row the default holds."""

    __tablename__ = "retention_term"
    __table_args__ = (
        UniqueConstraint("scope_id", "key"),
        CheckConstraint(f"days BETWEEN {DAYS_MIN} AND {DAYS_MAX}", name="days"),
    )

    scope_id: Mapped[UUID] = mapped_column(ForeignKey(Scope.id))
    key: Mapped[str] = mapped_column(String(KEY_MAX))
    days: Mapped[int]


class RetentionRemovalCount(Base):
    """How many rows a rule removed on a day."""

    __tablename__ = "retention_count"

    key: Mapped[str] = mapped_column(String(KEY_MAX), primary_key=True)
    removed_on: Mapped[date] = mapped_column(primary_key=True)
    rows: Mapped[int]


class UnusedAccountWarning(Base):
    """A person who was told that their account will be erased; gone as soon as they are active.

    `*_key` are the keys of the two letters, which must have left before anything is erased.
    """

    __tablename__ = "unused_account"

    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id), primary_key=True)
    first_at: Mapped[datetime]
    first_key: Mapped[str] = mapped_column(String(64))
    second_at: Mapped[datetime | None]
    second_key: Mapped[str | None] = mapped_column(String(64))

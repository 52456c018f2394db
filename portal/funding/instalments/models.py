"""The history of instalments, and recoveries of what was paid."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.funding.agreements.models import REFERENCE_MAX, Instalment
from portal.people.accounts.models import Person
from portal.platform.kernel.database import Entity, Versioned


class InstalmentVerb(StrEnum):
    """What somebody did with an instalment."""

    REQUESTED = "asked"
    RETURNED = "returned"
    CHECKED = "checked"
    PAID = "paid"
    REFUSED = "refused"
    FAILED = "failed"
    REOPENED = "reopened"  # an amount or a document changed after the check
    DEFERRED = "deferred"  # a gate went stale, and the operator waits
    STATED = "stated"
    CERTIFIED = "certified"


class InstalmentStep(Entity):
    """A step of an instalment with its person; a trigger keeps it append-only. `gates` are those that
    `DEFERRED` waits for, None in steps of version 0.13.0."""

    __tablename__ = "instalment_step"
    __table_args__ = (Index("ix_instalment_step_instalment_id_id", "instalment_id", "id"),)

    instalment_id: Mapped[UUID] = mapped_column(ForeignKey(Instalment.id))
    verb: Mapped[InstalmentVerb]
    amount_cents: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(Text, default="")
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    gates: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))


class PaymentRecovery(Versioned, Entity):
    """A recovery of a payment, in part or in whole: announced, observed by the team, then booked.

    `answer_until` is the day from which it is booked without observations, by the rule that held when
    it was announced.
    """

    __tablename__ = "payment_recovery"
    __table_args__ = (
        CheckConstraint("amount_cents > 0", name="amount"),
        CheckConstraint("reason <> ''", name="says_why"),
        CheckConstraint("booked_by_id <> announced_by_id", name="booked_by_another"),
    )

    instalment_id: Mapped[UUID] = mapped_column(ForeignKey(Instalment.id), index=True)
    amount_cents: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(Text)
    announced_by_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    answer_until: Mapped[date]
    observations: Mapped[str] = mapped_column(Text, default="")
    observed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    observed_at: Mapped[datetime | None]
    booked_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    booked_on: Mapped[date | None]
    booked_at: Mapped[datetime | None]
    reference: Mapped[str] = mapped_column(String(REFERENCE_MAX), default="")
    dropped_at: Mapped[datetime | None]
    dropped_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))

    def may_be_booked_on(self, day: date) -> bool:
        """Whether the team has answered, or its days are over."""
        return self.observed_at is not None or day >= self.answer_until

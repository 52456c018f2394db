"""Entries of the ledger; a trigger keeps them append-only, so a correction is a counter-entry."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.funding.agreements.models import REFERENCE_MAX, Instalment
from portal.people.accounts.models import Person
from portal.platform.kernel.database import Entity
from portal.project.projects.models import Project


class LedgerAccount(StrEnum):
    """What an entry adds to, or takes from."""

    COMMITTED = "committed"
    REQUESTED = "asked"
    CHECKED = "checked"
    PAID = "paid"
    RECOVERED = "recovered"


class LedgerEntry(Entity):
    """An amount in cents, negative for a counter-entry. All totals are sums of entries.

    `on_day` is the day of the act, such as that of the payment; a report as of a day reads what was
    entered (`created_at`) by its end.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        Index("ix_ledger_entry_project_id_id", "project_id", "id"),
        CheckConstraint("amount_cents <> 0", name="amount"),
    )

    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id))
    instalment_id: Mapped[UUID] = mapped_column(ForeignKey(Instalment.id), index=True)
    account: Mapped[LedgerAccount]
    amount_cents: Mapped[int] = mapped_column(BigInteger)
    on_day: Mapped[date]
    reference: Mapped[str] = mapped_column(String(REFERENCE_MAX), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    author_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))

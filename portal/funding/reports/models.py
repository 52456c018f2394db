"""Reports to funders as PDF, which the worker prints."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, deferred, mapped_column

from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme
from portal.platform.kernel.database import Entity

ATTEMPTS_MAX = 3


class FundingReportFile(Entity):
    """A report as of a moment; it waits for the worker until it has its `pdf` or failed too often."""

    __tablename__ = "funding_report"
    __table_args__ = (Index("ix_funding_report_programme_id_id", "programme_id", "id"),)

    programme_id: Mapped[UUID] = mapped_column(ForeignKey(Programme.id))
    asked_by_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    language: Mapped[str] = mapped_column(String(2))
    as_of_at: Mapped[datetime]
    as_of_on: Mapped[date]
    pdf: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    printed_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)

    @property
    def is_waiting(self) -> bool:
        return self.printed_at is None and self.attempts < ATTEMPTS_MAX

"""Exports of personal data that people ask for, and the worker makes."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.database import Entity
from portal.platform.storage.storage import KEY_LENGTH


class ExportStage(StrEnum):
    WAITING = "waiting"  # for the worker, or in progress
    READY = "ready"
    FAILED = "failed"  # attempted too often
    EXPIRED = "expired"  # its bytes are gone


class DataExport(Entity):
    """A ZIP of what the portal holds of a person. `key` is that of its bytes in the storage, which
    are deleted at `expires_at`; the row stays, and says that there was one."""

    __tablename__ = "data_export"
    __table_args__ = (Index("ix_data_export_person_id_id", "person_id", "id"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    stage: Mapped[ExportStage] = mapped_column(default=ExportStage.WAITING, index=True)
    key: Mapped[str | None] = mapped_column(String(KEY_LENGTH), unique=True)
    size: Mapped[int] = mapped_column(BigInteger, default=0)  # bytes
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]

    @property
    def is_ready(self) -> bool:
        """Whether it can be downloaded now."""
        return (
            self.stage is ExportStage.READY and self.expires_at is not None and self.expires_at > clock.now()
        )

"""Archives of programmes that a lead asks for, and the worker makes."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.database import Entity
from portal.platform.storage.storage import KEY_LENGTH

FINGERPRINT_LENGTH = 64
ANCHOR_MAX = 90


class ArchiveStage(StrEnum):
    WAITING = "waiting"  # for the worker, or in progress
    READY = "ready"
    FAILED = "failed"  # attempted too often
    EXPIRED = "expired"  # its bytes are gone


class ProgrammeArchive(Entity):
    """A ZIP of a programme. `fingerprint` is the SHA-256 of its manifest, `anchor` the last seal of
    the trail in it. The bytes under `key` go at `expires_at`, and stay without it: so does the one
    with which a programme left. The row stays, and proves a copy."""

    __tablename__ = "programme_archive"
    __table_args__ = (Index("ix_programme_archive_programme_id_id", "programme_id", "id"),)

    programme_id: Mapped[UUID] = mapped_column(ForeignKey(Programme.id))
    requested_by_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    stage: Mapped[ArchiveStage] = mapped_column(default=ArchiveStage.WAITING, index=True)
    key: Mapped[str | None] = mapped_column(String(KEY_LENGTH), unique=True)
    size: Mapped[int] = mapped_column(BigInteger, default=0)  # bytes
    fingerprint: Mapped[str] = mapped_column(String(FINGERPRINT_LENGTH), default="")
    anchor: Mapped[str] = mapped_column(String(ANCHOR_MAX), default="")
    lines: Mapped[int] = mapped_column(default=0)  # of the trail
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]

    @property
    def is_ready(self) -> bool:
        """Whether it can be downloaded now."""
        is_over = self.expires_at is not None and self.expires_at <= clock.now()
        return self.stage is ArchiveStage.READY and not is_over

"""What an administrator decides for the whole installation: settings, a banner, maintenance."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.people.accounts.models import Person
from portal.people.programmes.models import Scope
from portal.platform.kernel.database import Entity, Versioned
from portal.platform.kernel.text import in_reader_language

BANNER_MAX = 300
ANCHOR_MAX = 90  # a number, a colon and 64 digits


class StoredInstallationState(Versioned):
    """One row, with the id of the installation's scope; without it the environment alone holds.

    `overrides` maps names of environment variables to the values that replace theirs.
    """

    __tablename__ = "installation_state"

    id: Mapped[UUID] = mapped_column(ForeignKey(Scope.id), primary_key=True)
    overrides: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    banner_fr: Mapped[str] = mapped_column(String(BANNER_MAX), default="")
    banner_en: Mapped[str] = mapped_column(String(BANNER_MAX), default="")
    maintenance_since: Mapped[datetime | None]

    @property
    def banner(self) -> str:
        """The banner in the reader's language, else in the other one."""
        return in_reader_language(self.banner_fr, self.banner_en)


class VerificationStage(StrEnum):
    WAITING = "waiting"  # for the worker, or in progress
    WHOLE = "whole"
    BROKEN = "broken"
    FAILED = "failed"  # attempted too often


class TrailVerification(Entity):
    """A verification of the whole trail that an administrator asked for, and the worker does.

    `seals` of `total` were read; `anchor` is the last seal as `NUMBER:HASH`, `faults` the first
    sentences about what is wrong.
    """

    __tablename__ = "trail_verification"

    requested_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    stage: Mapped[VerificationStage] = mapped_column(default=VerificationStage.WAITING)
    seals: Mapped[int] = mapped_column(BigInteger, default=0)
    total: Mapped[int] = mapped_column(BigInteger, default=0)
    fault_count: Mapped[int] = mapped_column(default=0)
    faults: Mapped[list[str]] = mapped_column(JSON, default=list)
    anchor: Mapped[str] = mapped_column(String(ANCHOR_MAX), default="")
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    @property
    def percent(self) -> int:
        """How far it is, in per cent."""
        return min(100, 100 * self.seals // self.total) if self.total else 0

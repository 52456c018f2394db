"""Packs, their pages and their PDF, which never change once a pack is completed."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme
from portal.platform.kernel.database import Base, Entity
from portal.project.projects.models import Project

SHA256_LENGTH = 64
SUMMARY = 0  # the position of the first page; those of teams follow


class PackStage(StrEnum):
    WAITING = "waiting"  # for the worker, or in progress
    COMPLETED = "done"
    FAILED = "failed"  # attempted too often


class CommitteePack(Entity):
    """A pack as of the moment `as_of_at`, on the day `as_of_on`.

    `pages` counts the stored pages of teams, out of `teams`.
    """

    __tablename__ = "committee_pack"
    __table_args__ = (
        Index("ix_committee_pack_programme_id_id", "programme_id", "id"),
        Index("ix_committee_pack_stage", "stage"),
    )

    programme_id: Mapped[UUID] = mapped_column(ForeignKey(Programme.id))
    asked_by_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    language: Mapped[str] = mapped_column(String(2))
    as_of_at: Mapped[datetime]
    as_of_on: Mapped[date]
    stage: Mapped[PackStage] = mapped_column(default=PackStage.WAITING)
    teams: Mapped[int | None]
    pages: Mapped[int] = mapped_column(default=0)
    fingerprint: Mapped[str] = mapped_column(String(SHA256_LENGTH), default="")
    finished_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]

    @property
    def is_under_way(self) -> bool:
        return self.stage is PackStage.WAITING


class PackPage(Base):
    """A page as plain data, from which HTML, PDF and fingerprint are made."""

    __tablename__ = "pack_page"

    pack_id: Mapped[UUID] = mapped_column(ForeignKey(CommitteePack.id), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    project_id: Mapped[UUID | None] = mapped_column(ForeignKey(Project.id))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)


class PackPdf(Base):
    """The whole pack as one PDF."""

    __tablename__ = "pack_paper"

    pack_id: Mapped[UUID] = mapped_column(ForeignKey(CommitteePack.id), primary_key=True)
    pdf: Mapped[bytes] = mapped_column(LargeBinary)

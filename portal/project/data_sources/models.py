"""Data sources and the history of access to their data. Samples are measured, never stored."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.collaboration.discussions.models import Discussion
from portal.platform.kernel.database import Base, Entity
from portal.project.projects.models import Numbered

NAME_MAX = 120
LINE_MAX = 300
TEXT_MAX = 4000
ROWS_MAX = 2_000_000_000
SHA256_LENGTH = 64


class AccessState(StrEnum):
    """States of access to the data, in order."""

    IDENTIFIED = "identified"
    REQUESTED = "requested"
    GRANTED = "granted"
    RECEIVED = "received"
    USABLE = "usable"

    @property
    def rank(self) -> int:
        return list(AccessState).index(self)


class PersonalDataPresence(StrEnum):
    """Whether the data are personal data."""

    UNKNOWN = "unknown"
    NO = "no"
    YES = "yes"


class DpiaScreening(StrEnum):
    """Whether the need for a data protection impact assessment was examined, and its outcome."""

    NOT_DONE = "not_done"
    NOT_NEEDED = "not_needed"
    NEEDED = "needed"
    COMPLETED = "done"


class Faithfulness(StrEnum):
    """How well the team knows how faithful the data are to what they describe."""

    RAW = "raw"
    EXPLORED = "explored"
    CLEANED = "cleaned"


class Fitness(StrEnum):
    """How well the data answer the project's question."""

    NO_QUESTION = "not_asked"
    FRAMED = "framed"
    FIT = "fit"
    READY = "ready"


class DataSource(Numbered):
    """A data source; `access` and `access_on` repeat its last `AccessHistoryEntry`."""

    __tablename__ = "data_source"
    page_path = "/file/data/{number}"
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        CheckConstraint("sample_rows >= 0", name="sample_counts"),
        CheckConstraint("(sample_rows IS NULL) = (sample_on IS NULL)", name="sample_with_its_date"),
    )

    name: Mapped[str] = mapped_column(String(NAME_MAX))
    holder: Mapped[str] = mapped_column(String(LINE_MAX), default="")
    contents: Mapped[str] = mapped_column(Text, default="")
    purpose: Mapped[str] = mapped_column(Text, default="")
    personal: Mapped[PersonalDataPresence] = mapped_column(default=PersonalDataPresence.UNKNOWN)
    legal_basis: Mapped[str] = mapped_column(String(LINE_MAX), default="")
    screening: Mapped[DpiaScreening] = mapped_column(default=DpiaScreening.NOT_DONE)
    screening_note: Mapped[str] = mapped_column(String(LINE_MAX), default="")

    access: Mapped[AccessState] = mapped_column(default=AccessState.IDENTIFIED)
    access_on: Mapped[date]

    sample_rows: Mapped[int | None]
    sample_sha256: Mapped[str] = mapped_column(String(SHA256_LENGTH), default="")
    sample_on: Mapped[date | None]
    sample_measured: Mapped[bool] = mapped_column(default=False)  # by the portal; else typed

    faithfulness: Mapped[Faithfulness] = mapped_column(default=Faithfulness.RAW)
    fitness: Mapped[Fitness] = mapped_column(default=Fitness.NO_QUESTION)
    quality_note: Mapped[str] = mapped_column(Text, default="")


class SourceDiscussion(Base):
    """The discussion of a data source.

    A table of its own: SQLite cannot add a foreign key to a table that others refer to.
    """

    __tablename__ = "data_source_talk"

    source_id: Mapped[UUID] = mapped_column(ForeignKey(DataSource.id), primary_key=True)
    discussion_id: Mapped[UUID] = mapped_column(ForeignKey(Discussion.id), unique=True)


class AccessHistoryEntry(Entity):
    """An entry of the access history: a state reached on a day. Immutable."""

    __tablename__ = "access_step"
    __table_args__ = (UniqueConstraint("source_id", "position"),)

    source_id: Mapped[UUID] = mapped_column(ForeignKey(DataSource.id))
    position: Mapped[int]
    access: Mapped[AccessState]
    reached_on: Mapped[date]
    note: Mapped[str] = mapped_column(String(LINE_MAX), default="")

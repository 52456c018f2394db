"""Programmes whose content leaves once their term is over, and who had which role in them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.app.archives.models import ProgrammeArchive
from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import Base


class ProgrammeDeparture(Base):
    """A programme that is finished and archived; its row goes when it is taken up again.

    The term runs from `closed_at`; its leads were told at `first_at` and `second_at`. From `due_at`
    on, the worker closes its pages (`Programme.left_at`), keeps the archive `archive_id`, then
    deletes rows until `emptied_at`. `counts` are its rows by table: those that will leave, then
    those that left. `outcomes` are its projects by the state in which they ended.
    """

    __tablename__ = "programme_departure"

    programme_id: Mapped[UUID] = mapped_column(ForeignKey(Programme.id), primary_key=True)
    closed_at: Mapped[datetime]
    first_at: Mapped[datetime | None]
    second_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    archive_id: Mapped[UUID | None] = mapped_column(ForeignKey(ProgrammeArchive.id))
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    outcomes: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    emptied_at: Mapped[datetime | None]


class FormerRole(Base):
    """A role in a programme that left, or in one of its projects: it opens its last page alone."""

    __tablename__ = "former_role"

    programme_id: Mapped[UUID] = mapped_column(ForeignKey(Programme.id), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id), primary_key=True, index=True)
    role: Mapped[Role] = mapped_column(primary_key=True)


class EmptyingTransactionPermit(Base):
    """Lets one transaction delete rows of append-only tables; deleted before its commit, so that
    no other ever sees it. The trail and the ledger know no permit."""

    __tablename__ = "emptying_permit"

    programme_id: Mapped[UUID] = mapped_column(ForeignKey(Programme.id), primary_key=True)

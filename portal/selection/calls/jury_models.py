"""Who is on the jury of a call."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.people.accounts.models import Person
from portal.platform.kernel.database import Entity
from portal.selection.calls.models import LOAD_MAX, TITLE_MAX, Call

COMPANY_NUMBER_MAX = 14  # SIREN (9) or SIRET (14)


class JuryMember(Entity):
    """A juror of a call. `company_number` and `employer` serve to find likely conflicts."""

    __tablename__ = "jury_member"
    __table_args__ = (
        UniqueConstraint("call_id", "person_id"),
        CheckConstraint(f"load_max BETWEEN 1 AND {LOAD_MAX}", name="load_max"),
    )

    call_id: Mapped[UUID] = mapped_column(ForeignKey(Call.id))
    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id), index=True)
    employer: Mapped[str] = mapped_column(String(TITLE_MAX), default="")
    company_number: Mapped[str] = mapped_column(String(COMPANY_NUMBER_MAX), default="")
    load_max: Mapped[int | None]

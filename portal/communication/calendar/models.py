"""Calendar links. Only the hash of a token is stored."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.database import Base


class CalendarLink(Base):
    """A person's only calendar link: a new one replaces it."""

    __tablename__ = "calendar_link"

    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

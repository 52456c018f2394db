"""Accounts that were joined into another one of the same person."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.people.accounts.models import EMAIL_MAX, HANDLE_MAX, NAME_MAX, Person
from portal.platform.kernel.database import Base, Entity

JOINED_DOMAIN = "joined.invalid"  # RFC 2606: never an address


class AccountJoin(Entity):
    """An account that went, and what named it. `former_id` stays in the trail's lines; its row keeps
    the person's name for them, and nothing else. `journaled_at`: when the journal outside of the
    database has it."""

    __tablename__ = "account_join"

    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id), index=True)
    former_id: Mapped[UUID] = mapped_column(unique=True)
    email: Mapped[str] = mapped_column(String(EMAIL_MAX))
    name: Mapped[str] = mapped_column(String(NAME_MAX))
    handle: Mapped[str] = mapped_column(String(HANDLE_MAX))
    moved_identities: Mapped[bool] = mapped_column(default=False)
    journaled_at: Mapped[datetime | None]


class JoinTransactionPermit(Base):
    """Lets the transaction that holds it replace an account in append-only rows; deleted before its end."""

    __tablename__ = "account_join_permit"

    from_id: Mapped[UUID] = mapped_column(primary_key=True)
    to_id: Mapped[UUID]


def joined_account_address(person_id: UUID) -> str:
    return f"{person_id.hex}@{JOINED_DOMAIN}"


def joined_account_handle(person_id: UUID) -> str:
    return f"compte-reuni-{person_id.hex[-12:]}"

"""A person who can sign in, the sessions they have open, and what letters to them can open."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, validates

from portal.platform.kernel.clock import DEFAULT_ZONE
from portal.platform.kernel.database import Entity, Versioned
from portal.platform.kernel.text import fold

NAME_MAX = 120
FOLD_MAX = NAME_MAX * 2  # a ligature folds into two letters
EMAIL_MAX = 254  # RFC 5321, 4.5.3.1.3
HANDLE_MAX = 60
PASSWORD_MIN = 12
PASSWORD_MIN_ADMINISTRATOR = 14
PASSWORD_MAX = 256
DEVICE_MAX = 24


class Person(Versioned, Entity):
    __tablename__ = "person"

    email: Mapped[str] = mapped_column(String(EMAIL_MAX), unique=True)  # kept in lower case
    name: Mapped[str] = mapped_column(String(NAME_MAX))
    name_fold: Mapped[str] = mapped_column(String(FOLD_MAX), index=True)  # to sort and search by
    handle: Mapped[str] = mapped_column(String(HANDLE_MAX), unique=True)  # what @ cites
    password_hash: Mapped[str | None] = mapped_column(String(200))  # None: cannot sign in
    locale: Mapped[str] = mapped_column(String(2), default="fr")
    time_zone: Mapped[str] = mapped_column(String(64), default=DEFAULT_ZONE)
    disabled_at: Mapped[datetime | None]

    @validates("name")
    def _fold_name(self, _attribute: str, name: str) -> str:
        """Whoever gives a name gives its fold."""
        self.name_fold = fold(name)[:FOLD_MAX]
        return name


class OpenSession(Entity):
    """One browser in which a person is signed in. Only the hash of its token is kept."""

    __tablename__ = "open_session"

    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    # As the browser called itself at the sign-in, coarsely; empty where it said nothing known.
    browser: Mapped[str] = mapped_column(String(DEVICE_MAX), default="")
    system: Mapped[str] = mapped_column(String(DEVICE_MAX), default="")


class PasswordReset(Entity):
    """A request for a new password; the link in its letter serves once.

    Without a person where no open account has the address that was typed: a request leaves as much
    behind either way, and nothing that says whose address it was.
    """

    __tablename__ = "password_reset"

    person_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id), index=True)
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


_WAITING = sa.text("applied_at IS NULL AND cancelled_at IS NULL")


class AddressChange(Entity):
    """A person's wish for another address, which both addresses must confirm."""

    __tablename__ = "address_change"
    __table_args__ = (
        sa.Index(
            "uq_address_change_waiting",
            "person_id",
            unique=True,
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    session_id: Mapped[UUID] = mapped_column(ForeignKey(OpenSession.id))  # where it was asked
    email: Mapped[str] = mapped_column(String(EMAIL_MAX))  # the new one, in lower case
    expires_at: Mapped[datetime]
    old_confirmed_at: Mapped[datetime | None]
    new_confirmed_at: Mapped[datetime | None]
    applied_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]


@dataclass(frozen=True)
class SignedIn:
    """Who a valid session belongs to, in the shape that Flask-Login asks for."""

    person: Person
    session: OpenSession
    token: str
    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        return self.token

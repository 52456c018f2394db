"""People, their sessions, and the requests behind links in letters."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, validates

from portal.platform.kernel.clock import DEFAULT_ZONE
from portal.platform.kernel.database import Entity, Versioned
from portal.platform.kernel.personal_data import ERASED_DOMAIN
from portal.platform.kernel.sealed_columns import SEALED
from portal.platform.kernel.text import fold, gettext

NAME_MAX = 120
FOLD_MAX = NAME_MAX * 2  # a ligature folds into two letters
EMAIL_MAX = 254  # RFC 5321, 4.5.3.1.3
HANDLE_MAX = 60
PASSWORD_MIN = 12
PASSWORD_MIN_ADMINISTRATOR = 14
PASSWORD_MAX = 256
DEVICE_MAX = 24


FORMER_MEMBER = "Ancien membre"  # the stored name of an erased account


class PersonNameType(sa.TypeDecorator[str]):
    """A name; that of an erased account is read in the reader's language."""

    impl = String(NAME_MAX)
    cache_ok = True

    def process_result_value(self, value: str | None, _: object) -> str | None:
        return gettext("Ancien membre") if value == FORMER_MEMBER else value


class Person(Versioned, Entity):
    __tablename__ = "person"

    email: Mapped[str] = mapped_column(String(EMAIL_MAX), unique=True)  # in lower case
    name: Mapped[str] = mapped_column(PersonNameType)
    name_fold: Mapped[str] = mapped_column(String(FOLD_MAX), index=True)  # for sorting and search
    handle: Mapped[str] = mapped_column(String(HANDLE_MAX), unique=True)  # for @ mentions
    password_hash: Mapped[str | None] = mapped_column(String(200))  # None: cannot sign in
    locale: Mapped[str] = mapped_column(String(2), default="fr")
    time_zone: Mapped[str] = mapped_column(String(64), default=DEFAULT_ZONE)
    disabled_at: Mapped[datetime | None]
    second_factor_at: Mapped[datetime | None]  # None: the password alone opens a session

    @property
    def is_erased(self) -> bool:
        """Whether the account was emptied for good: nobody can come back to it."""
        return self.email.endswith(f"@{ERASED_DOMAIN}")

    @validates("name")
    def _fold_name(self, _attribute: str, name: str) -> str:
        """Set `name_fold` whenever the name is set."""
        self.name_fold = fold(name)[:FOLD_MAX]
        return name


class OpenSession(Entity):
    """A browser in which a person is signed in. Only the hash of its token is stored.

    `proved_at` is the last proof of a second factor in it (without a factor: of the password, or at the
    provider by which it was opened). A
    person with a second factor and without a proof is not signed in yet.
    """

    __tablename__ = "open_session"

    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    proved_at: Mapped[datetime | None]
    federated_proof: Mapped[bool] = mapped_column(default=False)  # the provider asked two factors
    closed_id_token: Mapped[str] = mapped_column(
        Text, default="", info=SEALED
    )  # by `SecretBox`, to sign out there
    # Families from the user agent at sign-in (`device_rules`); empty if unknown.
    browser: Mapped[str] = mapped_column(String(DEVICE_MAX), default="")
    system: Mapped[str] = mapped_column(String(DEVICE_MAX), default="")


class SignInChallenge(Entity):
    """A single-use challenge of a sign-in that ends elsewhere: a passkey, or another service.

    `secret_hash` is that of the challenge; `facts` is what the end needs to know.
    """

    __tablename__ = "sign_in_request"

    purpose: Mapped[str] = mapped_column(String(32))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    facts: Mapped[dict[str, str]] = mapped_column(JSON)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class PasswordReset(Entity):
    """A request for a new password; the link in its letter works once.

    `person_id` is None if no open account has the address: a request writes as many rows either
    way, and none that shows whose address it was.
    """

    __tablename__ = "password_reset"

    person_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id), index=True)
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


_WAITING = sa.text("applied_at IS NULL AND cancelled_at IS NULL")


class AddressChange(Entity):
    """A request to change a person's address, which both addresses must confirm."""

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
    session_id: Mapped[UUID] = mapped_column(ForeignKey(OpenSession.id))  # that requested it
    email: Mapped[str] = mapped_column(String(EMAIL_MAX))  # the new address, in lower case
    expires_at: Mapped[datetime]
    old_confirmed_at: Mapped[datetime | None]
    new_confirmed_at: Mapped[datetime | None]
    applied_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]


@dataclass(frozen=True)
class SignedInPerson:
    """A person with a valid session, as a user object of Flask-Login."""

    person: Person
    session: OpenSession
    token: str
    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        return self.token

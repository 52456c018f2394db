"""Second factors of a person, and requests to remove them. Secrets are encrypted or hashed."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.database import Base, Entity
from portal.platform.kernel.sealed_columns import SEALED

PASSKEY_NAME_MAX = 80
PASSKEYS_MAX = 20  # of a person


class OneTimeSecret(Base):
    """The secret that a person shares with their application of one-time codes (RFC 6238).

    `last_step` is the last time step whose code was accepted: no code is accepted twice.
    """

    __tablename__ = "one_time_secret"

    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id), primary_key=True)
    closed_secret: Mapped[str] = mapped_column(Text, info=SEALED)  # by `SecretBox`
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    confirmed_at: Mapped[datetime | None]  # None: no code was typed yet
    last_step: Mapped[int | None] = mapped_column(sa.BigInteger)
    last_used_at: Mapped[datetime | None]


class Passkey(Entity):
    """A passkey (WebAuthn). The id and the public key are in base64url."""

    __tablename__ = "passkey"

    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id), index=True)
    name: Mapped[str] = mapped_column(String(PASSKEY_NAME_MAX))
    credential_id: Mapped[str] = mapped_column(Text, unique=True)
    public_key: Mapped[str] = mapped_column(Text)
    sign_count: Mapped[int] = mapped_column(sa.BigInteger)
    last_used_at: Mapped[datetime | None]


class RecoveryCode(Entity):
    """A code that opens once in place of a lost factor. 120 random bits: a plain hash is enough."""

    __tablename__ = "recovery_code"

    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)


class FactorReset(Entity):
    """An administrator's request to remove a person's factors; a second administrator applies it."""

    __tablename__ = "factor_reset"
    __table_args__ = (
        sa.Index(
            "uq_factor_reset_waiting",
            "person_id",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    requested_by_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

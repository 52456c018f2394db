"""Access tokens. Only the hash of a token is stored."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme
from portal.platform.kernel.database import Entity

NAME_MAX = 80
TOKENS_MAX = 50  # open ones of a person
DAYS_MAX = 365
VERSION_MAX = 10
PREFIX = "prt_"
SHAPE = rf"^{PREFIX}[A-Za-z0-9_-]{{43}}$"


class ApiToken(Entity):
    """A token of a person. No `areas`: all; no programme: wherever the person has a role.

    `api_version` is the version of the API at its first use.
    """

    __tablename__ = "api_token"

    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id), index=True)
    name: Mapped[str] = mapped_column(String(NAME_MAX))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    can_write: Mapped[bool]
    areas: Mapped[list[str]] = mapped_column(JSON)
    programme_id: Mapped[UUID | None] = mapped_column(ForeignKey(Programme.id))
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    api_version: Mapped[str | None] = mapped_column(String(VERSION_MAX))

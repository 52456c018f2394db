"""Accounts at ProConnect that open an account of the portal."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.people.accounts.models import EMAIL_MAX, Person
from portal.platform.kernel.database import Entity

ISSUER_MAX = 300
SUBJECT_MAX = 255  # OpenID Connect Core, 2


class FederatedIdentity(Entity):
    """A subject of an issuer, linked to a person; a person may have several.

    ProConnect's subject changes when a ministry joins the federation: the address decides nothing.
    """

    __tablename__ = "federated_identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id), index=True)
    issuer: Mapped[str] = mapped_column(String(ISSUER_MAX))
    subject: Mapped[str] = mapped_column(String(SUBJECT_MAX))
    email: Mapped[str | None] = mapped_column(String(EMAIL_MAX))  # that the provider gave when it was linked
    last_used_at: Mapped[datetime | None]

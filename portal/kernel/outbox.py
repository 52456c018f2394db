"""What must leave the house: rows written in the same transaction as their cause, sent afterwards.

A command queues a letter and knows no server. Nothing leaves for what was rolled back, and a
committed letter is never forgotten. No row holds a secret: what opens something is made from its
id when the letter is written out (`kernel.secrets.sealed`).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel import clock
from portal.kernel.db import Entity, db
from portal.kernel.ids import new_id

ADDRESS_MAX = 254  # RFC 5321, 4.5.3.1.3
PROBLEM_MAX = 300


class OutboxMessage(Entity):
    """One letter to one address. `due_at` moves with each attempt; the row outlives its sending."""

    __tablename__ = "outbox_message"
    __table_args__ = (
        sa.Index(
            "ix_outbox_message_waiting",
            "due_at",
            sqlite_where=sa.text("sent_at IS NULL AND given_up_at IS NULL"),
            postgresql_where=sa.text("sent_at IS NULL AND given_up_at IS NULL"),
        ),
    )

    kind: Mapped[str] = mapped_column(sa.String(64))  # which letter: templates/mail/<kind>
    person_id: Mapped[UUID | None]  # no foreign key: the ground floor knows no people
    address: Mapped[str] = mapped_column(sa.String(ADDRESS_MAX))
    locale: Mapped[str] = mapped_column(sa.String(2))
    facts: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    message_key: Mapped[str] = mapped_column(sa.String(64), unique=True)  # Message-ID's left side
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(sa.String(PROBLEM_MAX), default="")


def queue(
    kind: str,
    *,
    address: str,
    locale: str,
    facts: Mapping[str, Any] | None = None,
    person_id: UUID | None = None,
) -> OutboxMessage:
    """Queue a letter in the transaction under way. `facts` fill its template: plain JSON values."""
    message = OutboxMessage(
        kind=kind,
        person_id=person_id,
        address=address,
        locale=locale,
        facts=dict(facts or {}),
        message_key=new_id().hex,
        due_at=clock.now(),
    )
    db.session.add(message)
    return message

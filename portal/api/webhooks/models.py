"""Webhooks and their deliveries."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.people.accounts.models import Person
from portal.people.programmes.models import Scope
from portal.platform.kernel.database import Entity, Versioned
from portal.platform.kernel.sealed_columns import SEALED

URL_MAX = 500
NAME_MAX = 80
WEBHOOKS_MAX = 20  # of a scope
ROTATION = timedelta(hours=24)  # how long the earlier secret signs too


class DeliveryState(StrEnum):
    """What became of a delivery."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"  # given up, or numbered while the webhook was paused


class PauseReason(StrEnum):
    """Why a webhook sends nothing."""

    ASKED = "asked"
    CLOSED = "closed"  # its receiver answered 410
    FAILING = "failing"  # a delivery was given up


class Webhook(Versioned, Entity):
    """An address that gets the events of a scope: of a programme, those of its projects too.

    `kinds` are the subjects of events (« sprint », « item »), none for all. `seal` is the last event
    of the trail that was looked at, `last_number` the number of its last delivery: gap-free. Secrets
    are encrypted (`SecretBox`); the earlier one signs too until `rotated_until`.
    """

    __tablename__ = "webhook"

    scope_id: Mapped[UUID] = mapped_column(ForeignKey(Scope.id), index=True)
    name: Mapped[str] = mapped_column(String(NAME_MAX))
    url: Mapped[str] = mapped_column(String(URL_MAX))
    kinds: Mapped[list[str]] = mapped_column(JSON)
    secret: Mapped[str] = mapped_column(Text, info=SEALED)
    earlier_secret: Mapped[str] = mapped_column(Text, default="", info=SEALED)
    rotated_until: Mapped[datetime | None]
    created_by_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    seal: Mapped[int] = mapped_column(BigInteger)
    last_number: Mapped[int] = mapped_column(default=0)
    paused_at: Mapped[datetime | None]
    pause_reason: Mapped[PauseReason | None]


class WebhookDelivery(Entity):
    """One event for one webhook: `number` counts without gaps. `fault` is a status or a code."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("webhook_id", "number"),
        Index("ix_webhook_delivery_state_due_at", "state", "due_at"),
    )

    webhook_id: Mapped[UUID] = mapped_column(ForeignKey(Webhook.id, ondelete="CASCADE"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(64))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[DeliveryState] = mapped_column(default=DeliveryState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    first_at: Mapped[datetime | None]
    due_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
    fault: Mapped[str] = mapped_column(String(40), default="")

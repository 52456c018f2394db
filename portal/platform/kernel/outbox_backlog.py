"""The size and age of the outbox's backlog, for monitoring."""

from dataclasses import dataclass

import sqlalchemy as sa

from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from portal.platform.kernel.outbox import OutboxMessage


@dataclass(frozen=True)
class OutboxBacklog:
    """Number of waiting mails, age of the oldest in seconds (0 without one), number given up."""

    waiting: int
    oldest_seconds: float
    given_up: int


def read_outbox_backlog() -> OutboxBacklog:
    """The current backlog: two statements."""
    waits = sa.and_(OutboxMessage.sent_at.is_(None), OutboxMessage.given_up_at.is_(None))
    waiting, oldest = db.session.execute(
        sa.select(sa.func.count(), sa.func.min(OutboxMessage.created_at)).where(waits)
    ).one()
    given_up = db.session.scalar(sa.select(sa.func.count()).where(OutboxMessage.given_up_at.is_not(None)))
    age = (clock.now() - oldest).total_seconds() if oldest else 0.0
    return OutboxBacklog(waiting, max(0.0, age), given_up or 0)

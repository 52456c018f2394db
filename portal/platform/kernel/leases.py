"""Leases: rows that wait for the worker, each made by one process at a time and a few times at most."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.platform.kernel import clock

Row = TypeVar("Row")


def lease_first_waiting_row(
    session: Session,
    model: type[Row],
    *conditions: sa.ColumnElement[bool],
    duration: timedelta,
    attempts_max: int,
    give_up: Callable[[Row], None],
) -> Row | None:
    """Lease the oldest row that waits and that no process holds, in the transaction under way; None
    without any. `model` has `leased_until` and `attempts`. `give_up` ends a row that was tried
    `attempts_max` times; its lease is taken off."""
    table: Any = model
    now: datetime = clock.now()
    is_free = sa.or_(table.leased_until.is_(None), table.leased_until <= now)
    due = sa.select(model).where(is_free, *conditions).order_by(table.id).with_for_update(skip_locked=True)
    for row in session.scalars(due).all():
        leased: Any = row
        leased.attempts += 1
        if leased.attempts <= attempts_max:
            leased.leased_until = now + duration
            return row
        leased.leased_until = None
        give_up(row)
    return None

"""The only place that reads the time, so that it can be stopped."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

DEFAULT_ZONE = "Europe/Paris"

_pinned: ContextVar[datetime | None] = ContextVar("pinned", default=None)


def now() -> datetime:
    """This moment, aware, in UTC."""
    return _pinned.get() or datetime.now(UTC)


def today(zone: str = DEFAULT_ZONE) -> date:
    """The calendar day in a time zone, by its IANA name."""
    return now().astimezone(ZoneInfo(zone)).date()


def day_of(moment: datetime, zone: str = DEFAULT_ZONE) -> date:
    """The calendar day of a moment, where people of a time zone look at it."""
    return moment.astimezone(ZoneInfo(zone)).date()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let it be another moment: for data loaded after the fact, such as the demonstration's."""
    token = _pinned.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _pinned.reset(token)

"""The only place that reads the time, so that it can be stopped."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import has_request_context
from flask_babel import get_timezone

from portal.platform.kernel.text import gettext as _

DEFAULT_ZONE = "Europe/Paris"
DUE_AHEAD_MAX = 366 * 2  # days until which something may be due

_pinned: ContextVar[datetime | None] = ContextVar("pinned", default=None)


def now() -> datetime:
    """This moment, aware, in UTC."""
    return _pinned.get() or datetime.now(UTC)


def today(zone: str = DEFAULT_ZONE) -> date:
    """The calendar day in a time zone, by its IANA name."""
    return now().astimezone(ZoneInfo(zone)).date()


def today_here() -> date:
    """The calendar day where whoever sends the request is, by their profile; else as `today`."""
    zone = get_timezone() if has_request_context() else None
    return today(str(zone or DEFAULT_ZONE))


def day_of(moment: datetime, zone: str = DEFAULT_ZONE) -> date:
    """The calendar day of a moment, where people of a time zone look at it."""
    return moment.astimezone(ZoneInfo(zone)).date()


def end_of_day(day: date, zone: str = DEFAULT_ZONE) -> datetime:
    """The last moment of a calendar day in a time zone."""
    return datetime.combine(day, time.max, ZoneInfo(zone)).astimezone(UTC)


def find_future_date_problem(day: date) -> str | None:
    """Why a fact of that day cannot be noted; None once the day has come, here or where the reader
    is: a morning in Nouméa is still the evening before in Paris."""
    if day <= max(today(), today_here()):
        return None
    return _("Cette date est à venir : un fait se note une fois arrivé.")


def find_due_date_problem(day: date | None) -> str | None:
    """Why nothing can be due that day; None for today and the next two years, or no day at all."""
    if day is None:
        return None
    if day < today():
        return _("Cette date est passée : donnez une date à venir.")
    if day > today() + timedelta(days=DUE_AHEAD_MAX):
        return _("C’est dans plus de deux ans : donnez une date plus proche.")
    return None


@contextmanager
def frozen_at(moment: datetime) -> Iterator[None]:
    """Let it be another moment: for data loaded after the fact, such as the demonstration's."""
    token = _pinned.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _pinned.reset(token)

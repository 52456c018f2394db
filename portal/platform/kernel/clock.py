"""The only place that reads the time, so that tests and the demonstration can freeze it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import has_request_context
from flask_babel import get_timezone

from portal.platform.kernel.text import gettext as _

DEFAULT_ZONE = "Europe/Paris"
FIRST_YEAR, LAST_YEAR = 2000, 2100  # of what people and files say; none overflows a day later
DUE_AHEAD_MAX = 366 * 2  # days: how far ahead a due date may be

_pinned: ContextVar[datetime | None] = ContextVar("pinned", default=None)


def now() -> datetime:
    """The current time, aware, in UTC."""
    return _pinned.get() or datetime.now(UTC)


def today(zone: str = DEFAULT_ZONE) -> date:
    """Today's date in a time zone, given by its IANA name."""
    return now().astimezone(ZoneInfo(zone)).date()


def today_for_reader() -> date:
    """Today's date in the time zone of the request's reader; outside of a request, of `today`."""
    return today(_zone_of_reader())


def start_of_today_for_reader() -> datetime:
    """The first moment of that day, in UTC."""
    zone = _zone_of_reader()
    return datetime.combine(today(zone), time.min, ZoneInfo(zone)).astimezone(UTC)


def _zone_of_reader() -> str:
    zone = get_timezone() if has_request_context() else None
    return str(zone or DEFAULT_ZONE)


def day_of(moment: datetime, zone: str = DEFAULT_ZONE) -> date:
    """The date of a moment in a time zone."""
    return moment.astimezone(ZoneInfo(zone)).date()


def end_of_day(day: date, zone: str = DEFAULT_ZONE) -> datetime:
    """The last moment of a date in a time zone, in UTC."""
    return datetime.combine(day, time.max, ZoneInfo(zone)).astimezone(UTC)


def find_implausible_date_problem(day: date) -> str | None:
    """A sentence for a date outside of `FIRST_YEAR` to `LAST_YEAR`; else None."""
    if FIRST_YEAR <= day.year <= LAST_YEAR:
        return None
    return _("Donnez une date entre %(a)s et %(b)s.", a=str(FIRST_YEAR), b=str(LAST_YEAR))


def find_future_date_problem(day: date) -> str | None:
    """A sentence when a date is in the future, both in Paris and for the reader; else None.

    Both, because a morning in Nouméa is still the evening before in Paris.
    """
    if day <= max(today(), today_for_reader()):
        return None
    return _("Cette date est à venir : un fait se note une fois arrivé.")


def find_due_date_problem(day: date | None) -> str | None:
    """A sentence unless a due date is today or within two years; None for no date."""
    if day is None:
        return None
    if day < today():
        return _("Cette date est passée : donnez une date à venir.")
    if day > today() + timedelta(days=DUE_AHEAD_MAX):
        return _("C’est dans plus de deux ans : donnez une date plus proche.")
    return None


@contextmanager
def frozen_at(moment: datetime) -> Iterator[None]:
    """Freeze the clock, for tests and for the demonstration's past events."""
    token = _pinned.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _pinned.reset(token)

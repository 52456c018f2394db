"""Entries as an iCalendar file (RFC 5545), as calendar programs fetch it again and again."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from icalendar import Calendar, Event

from portal.calendars.entries import Entry

EVERY = timedelta(hours=6)  # how often a program had better look


def write_calendar(
    entries: Sequence[Entry], *, name: str, host: str, base_url: str, now: datetime
) -> bytes:
    """Whole days, which do not make anybody busy. An entry's id is the same at every reading."""
    calendar = Calendar()
    calendar.add("prodid", f"-//{host}//portal//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    for entry in entries:
        calendar.add_component(_event(entry, host, base_url, now))
    return bytes(calendar.to_ical())


def _event(entry: Entry, host: str, base_url: str, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{entry.code}-{entry.id.hex}@{host}")
    event.add("dtstamp", now)
    event.add("dtstart", entry.starts_on)
    event.add("dtend", entry.ends_on + timedelta(days=1))  # the first day after
    event.add("summary", entry.title)
    event.add("url", f"{base_url}{entry.path}")
    event.add("transp", "TRANSPARENT")
    return event

"""Entries as iCalendar files (RFC 5545): what programs fetch again and again, and what people open
once, to keep one thing among their own dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar import Calendar, Event

from portal.communication.calendar.entry_queries import CalendarEntry

REFRESH_INTERVAL = timedelta(hours=6)  # how often a program had better look


@dataclass(frozen=True)
class PortalSite:
    """Where the portal is, and when it is asked."""

    host: str
    base_url: str
    now: datetime


def write_calendar(entries: Sequence[CalendarEntry], site: PortalSite, name: str) -> bytes:
    """Whole days, which do not make anybody busy. An entry's id is the same at every reading."""
    calendar = _calendar(site)
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH_INTERVAL, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    for entry in entries:
        calendar.add_component(_event(entry, site))
    return bytes(calendar.to_ical())


def write_invitation(entries: Sequence[CalendarEntry], site: PortalSite) -> bytes:
    """Opened again once something was changed, it takes the place of what was kept: the same id,
    and a later edition. It asks for no answer (RFC 5546, 3.2.1): who comes is noted on the day."""
    calendar = _calendar(site)
    for entry in entries:
        event = _event(entry, site)
        event.add("sequence", entry.edition)
        event.add("description", f"{site.base_url}{entry.path}")
        if entry.location:
            event.add("location", entry.location)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _calendar(site: PortalSite) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", f"-//{site.host}//portal//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    return calendar


def _event(entry: CalendarEntry, site: PortalSite) -> Event:
    event = Event()
    event.add("uid", f"{entry.code}-{entry.id.hex}@{site.host}")
    event.add("dtstamp", site.now)
    event.add("dtstart", entry.starts_on)
    event.add("dtend", entry.ends_on + timedelta(days=1))  # the first day after
    event.add("summary", entry.title)
    event.add("url", f"{site.base_url}{entry.path}")
    event.add("transp", "TRANSPARENT")
    return event

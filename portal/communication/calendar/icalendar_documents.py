"""Calendar entries as iCalendar files (RFC 5545): feeds and invitations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar import Calendar, Event

from portal.communication.calendar.entry_queries import CalendarEntry

REFRESH_INTERVAL = timedelta(hours=6)  # suggested to calendar programs


@dataclass(frozen=True)
class PortalSite:
    """The portal's host and base URL, and the time of the request."""

    host: str
    base_url: str
    now: datetime


def write_calendar(entries: Sequence[CalendarEntry], site: PortalSite, name: str) -> bytes:
    """A feed of all-day entries that do not block time (`TRANSPARENT`), with stable UIDs."""
    calendar = _calendar(site)
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH_INTERVAL, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    for entry in entries:
        calendar.add_component(_event(entry, site))
    return bytes(calendar.to_ical())


def write_invitation(entries: Sequence[CalendarEntry], site: PortalSite) -> bytes:
    """An invitation without a reply request (`PUBLISH`, RFC 5546, 3.2.1).

    A later invitation replaces an earlier one: it has the same UID and a higher SEQUENCE.
    """
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
    event.add("dtend", entry.ends_on + timedelta(days=1))  # DTEND is exclusive
    event.add("summary", entry.title)
    event.add("url", f"{site.base_url}{entry.path}")
    event.add("transp", "TRANSPARENT")
    return event

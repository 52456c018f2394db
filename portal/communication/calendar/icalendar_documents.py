"""Calendar entries as iCalendar files (RFC 5545): feeds and invitations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress

from portal.communication.calendar.entry_queries import CalendarEntry
from portal.platform.kernel.clock import DEFAULT_ZONE
from portal.platform.kernel.mail_settings import MailSender

USUAL_DURATION = 60  # minutes, of a meeting whose length is not set
REFRESH_INTERVAL = timedelta(hours=6)  # suggested to calendar programs


@dataclass(frozen=True)
class PortalSite:
    """The portal's host and base URL, who its mails are from, and the time of the request."""

    host: str
    base_url: str
    sender: MailSender
    now: datetime


def serialize_calendar(entries: Sequence[CalendarEntry], site: PortalSite, name: str) -> bytes:
    """A feed of all-day entries that do not block time (`TRANSPARENT`), with stable UIDs."""
    calendar = _build_empty_calendar(site)
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH_INTERVAL, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    for entry in entries:
        calendar.add_component(_build_event(entry, site))
    return bytes(calendar.to_ical())


def serialize_invitation(entries: Sequence[CalendarEntry], site: PortalSite) -> bytes:
    """An invitation without a reply request (`PUBLISH`, RFC 5546, 3.2.1), or the cancellation of what
    is cancelled (`CANCEL`, 3.2.5).

    A later one replaces an earlier one: it has the same UID and a higher SEQUENCE. A meeting with an
    hour takes its time.
    """
    calendar = _build_empty_calendar(
        site, "CANCEL" if any(entry.is_cancelled for entry in entries) else "PUBLISH"
    )
    for entry in entries:
        event = _build_event(entry, site)
        event.add("sequence", entry.edition)
        event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
        event.add("organizer", _build_organiser(site.sender))
        if entry.hour and not entry.is_cancelled:
            event["transp"] = "OPAQUE"
        event.add("description", f"{site.base_url}{entry.path}")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _build_organiser(sender: MailSender) -> vCalAddress:
    address = vCalAddress(f"mailto:{sender.address}")
    if sender.name:
        address.params["cn"] = sender.name
    return address


def _build_empty_calendar(site: PortalSite, method: str = "PUBLISH") -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", f"-//{site.host}//portal//FR")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    return calendar


def _compute_entry_period(entry: CalendarEntry) -> tuple[date | datetime, date | datetime]:
    """Start and end: days (DTEND is exclusive), or UTC moments where there is an hour."""
    if not entry.hour:
        return entry.starts_on, entry.ends_on + timedelta(days=1)
    hour = time.fromisoformat(entry.hour)
    local = datetime.combine(entry.starts_on, hour, ZoneInfo(DEFAULT_ZONE))
    start = local.astimezone(UTC)
    return start, start + timedelta(minutes=entry.duration or USUAL_DURATION)


def _build_event(entry: CalendarEntry, site: PortalSite) -> Event:
    event = Event()
    event.add("uid", f"{entry.code}-{entry.id.hex}@{site.host}")
    event.add("dtstamp", site.now)
    start, end = _compute_entry_period(entry)
    event.add("dtstart", start)
    event.add("dtend", end)
    if entry.location:
        event.add("location", entry.location)
    event.add("summary", entry.title)
    event.add("url", f"{site.base_url}{entry.path}")
    event.add("transp", "TRANSPARENT")
    return event

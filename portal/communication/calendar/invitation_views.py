"""Helpers of views that answer with an iCalendar file."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from flask import Response, make_response

from portal.communication.calendar.entry_queries import CalendarEntry
from portal.communication.calendar.icalendar_documents import PortalSite, serialize_invitation
from portal.platform.kernel import clock
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings

INVITATION_PATH = "/invitation.ics"  # below the page of the dated object


def build_portal_site() -> PortalSite:
    settings = get_service(Settings)
    host = urlsplit(settings.public_base_url).hostname or "localhost"
    return PortalSite(host, settings.public_base_url, settings.mail_from, clock.now())


def calendar_response(content: bytes, disposition: str) -> Response:
    response = make_response(content)
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = disposition
    return response


def invitation_response(entries: Sequence[CalendarEntry]) -> Response:
    """An invitation to the entries that are not over. Raises `NotFound` when there is none."""
    upcoming = [entry for entry in entries if entry.ends_on >= clock.today()]
    if not upcoming:
        raise NotFound
    content = serialize_invitation(upcoming, build_portal_site())
    return calendar_response(content, 'attachment; filename="invitation.ics"')

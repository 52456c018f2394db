"""A file with which a session is put among one's own dates, for the page of what has a day."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from flask import Response, current_app, make_response

from portal.communication.calendar.entry_queries import CalendarEntry
from portal.communication.calendar.icalendar_documents import PortalSite, write_invitation
from portal.platform.kernel import clock
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.settings import Settings

INVITATION_PATH = "/invitation.ics"  # below the page


def current_site() -> PortalSite:
    settings: Settings = current_app.extensions["settings"]
    host = urlsplit(settings.public_base_url).hostname or "localhost"
    return PortalSite(host, settings.public_base_url, clock.now())


def calendar_response(written: bytes, disposition: str) -> Response:
    response = make_response(written)
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = disposition
    return response


def invitation_response(entries: Sequence[CalendarEntry]) -> Response:
    """To what is still to come of them. Raises `NotFound` where nothing is."""
    coming = [entry for entry in entries if entry.ends_on >= clock.today()]
    if not coming:
        raise NotFound
    return calendar_response(
        write_invitation(coming, current_site()), 'attachment; filename="invitation.ics"'
    )

"""Requests for committee packs, which the worker creates."""

from datetime import date, timedelta

from portal.oversight.committee_packs import commands
from portal.people.programmes.queries import get_programme
from portal.platform.kernel.access import Actor

MONTH = timedelta(days=30)


def request_packs(slug: str, today: date, direction: Actor) -> None:
    """Request a pack as of a month ago and one as of today, to show the changes."""
    programme = get_programme(direction, slug)
    for on, language in ((today - MONTH, "fr"), (today, "fr"), (today, "en")):
        if on >= programme.starts_on:
            commands.request_pack(direction, programme, on, language)

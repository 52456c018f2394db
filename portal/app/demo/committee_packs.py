"""The committee packs that the demonstration's lead asks for: the worker makes them."""

from datetime import date, timedelta

from portal.oversight.committee_packs import commands
from portal.people.programmes.queries import get_programme
from portal.platform.kernel.access import Actor

MONTH = timedelta(days=30)


def request_packs(slug: str, today: date, direction: Actor) -> None:
    """As of a month ago and as of today: what moved stands in the difference."""
    programme = get_programme(direction, slug)
    for on, language in ((today - MONTH, "fr"), (today, "fr"), (today, "en")):
        if on >= programme.starts_on:
            commands.request_pack(direction, programme, on, language)

"""The programmes that a person leads, and the one that they work in."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from uuid import UUID

from portal.app.home import queries
from portal.app.home.policy import list_led_programme_ids
from portal.people.programmes.current_views import find_last_programme_slug, find_named_programme_slug
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor

_CACHE_SIZE = 64  # leads


def list_led_programme_slugs(actor: Actor) -> Sequence[str]:
    """The slugs of the programmes that the actor leads, first the one on which leads land."""
    programme_ids = tuple(list_led_programme_ids(actor))
    list_slugs = _list_slugs if actor.as_of else _list_slugs.__wrapped__
    return list_slugs(actor.as_of, clock.today(), programme_ids)


def find_current_led_programme(actor: Actor) -> str | None:
    """The programme that the actor works in, of those that they lead: the one that the page's address
    names, else the last one, else the first. None for whoever leads none."""
    slugs = list_led_programme_slugs(actor)
    wished = (find_named_programme_slug(), find_last_programme_slug(actor))
    return next((slug for slug in (*wished, *slugs) if slug in slugs), None)


@lru_cache(maxsize=_CACHE_SIZE)
def _list_slugs(_as_of: str, _today: date, programme_ids: tuple[UUID, ...]) -> Sequence[str]:
    """Cached until the audit trail grows, or the day ends."""
    return queries.list_programme_slugs(programme_ids)

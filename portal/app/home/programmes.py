"""The programmes that a person leads, and the one that the current page is about."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from uuid import UUID

from flask import request

from portal.app.home import queries
from portal.app.home.policy import list_led_programme_ids
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor

_CACHE_SIZE = 64  # leads


def list_led_programme_slugs(actor: Actor) -> Sequence[str]:
    """The slugs of the programmes that the actor leads, first the one on which leads land."""
    programme_ids = tuple(list_led_programme_ids(actor))
    list_slugs = _list_slugs if actor.as_of else _list_slugs.__wrapped__
    return list_slugs(actor.as_of, clock.today(), programme_ids)


def find_led_programme_in_view(slugs: Sequence[str]) -> str | None:
    """Which of these programmes the page is about: the one that its address names, or the only one."""
    view_args = request.view_args or {}
    named = {request.args.get("programme"), view_args.get("slug"), view_args.get("programme")}
    only = slugs[0] if len(slugs) == 1 else None
    return next((slug for slug in slugs if slug in named), only)


@lru_cache(maxsize=_CACHE_SIZE)
def _list_slugs(_as_of: str, _today: date, programme_ids: tuple[UUID, ...]) -> Sequence[str]:
    """Cached until the audit trail grows, or the day ends."""
    return queries.list_programme_slugs(programme_ids)

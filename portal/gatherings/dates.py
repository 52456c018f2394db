"""The dates of a programme's collective sessions, for calendars."""

from sqlalchemy import select

from portal.calendars.entries import PROGRAMMES, SINCE, Dates
from portal.gatherings.models import Gathering
from portal.kernel.text import lazy_gettext as _l

DATES = (
    Dates(
        "gathering",
        _l("%(place)s : %(name)s"),
        "/programmes/{slug}/gatherings/{number}",
        select(
            Gathering.id,
            Gathering.programme_id.label("scope_id"),
            Gathering.held_on.label("starts_on"),
            Gathering.held_on.label("ends_on"),
            Gathering.number,
            Gathering.title.label("name"),
        ).where(Gathering.programme_id.in_(PROGRAMMES), Gathering.held_on >= SINCE),
    ),
)

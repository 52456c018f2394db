"""Calendar entries of a programme's group sessions."""

from dataclasses import replace

from portal.coaching.group_sessions.models import TAKES_PLACE, Gathering
from portal.communication.calendar.entry_queries import (
    PROGRAMMES,
    CalendarEntry,
    CalendarSource,
    select_dates,
)
from portal.people.programmes.models import Programme
from portal.platform.kernel.text import lazy_gettext as _l

_GATHERING_DATES = CalendarSource(
    "gathering",
    _l("%(place)s : %(name)s"),
    "/programmes/{slug}/gatherings/{number}",
    select_dates(
        Gathering,
        Gathering.held_on,
        TAKES_PLACE,
        scope_id=Gathering.programme_id,
        scopes=PROGRAMMES,
        name=Gathering.title,
        is_meeting=True,
    ),
)
DATES = (_GATHERING_DATES,)


def build_entry(programme: Programme, row: Gathering) -> CalendarEntry:
    """A group session's calendar entry, with its location; cancelled where the session is."""
    facts = {"number": row.number, "name": row.title}
    facts |= {"place": programme.name, "slug": programme.slug}
    entry = _GATHERING_DATES.make_entry(row.id, row.held_on, row.held_on, **facts)
    entry = entry.as_invitation(row.version, hour=row.hour, duration=row.duration, location=row.place)
    return replace(entry, is_cancelled=row.cancelled_at is not None)

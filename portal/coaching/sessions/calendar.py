"""Calendar entries of coaching sessions, past and agreed."""

from collections.abc import Sequence
from dataclasses import replace

from portal.coaching.sessions.models import CoachingSession
from portal.communication.calendar.entry_queries import CalendarEntry, CalendarSource, select_dates
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project

_SESSION_DATES = CalendarSource(
    "coaching",
    _l("%(place)s : séance d’accompagnement %(number)s"),
    "/projects/{slug}/coaching/{number}",
    select_dates(CoachingSession, CoachingSession.held_on),
)
_NEXT_SESSION_DATES = CalendarSource(
    "coaching-next",
    _l("%(place)s : prochaine séance d’accompagnement"),
    "/projects/{slug}/coaching/{number}",
    select_dates(CoachingSession, CoachingSession.next_on),
)
DATES = (_SESSION_DATES, _NEXT_SESSION_DATES)


def entries_of(project: Project, row: CoachingSession) -> Sequence[CalendarEntry]:
    """A session's own day, and the next session's day where it is agreed."""
    facts = {"number": row.number, "place": project.short_name, "slug": project.slug}
    days = ((_SESSION_DATES, row.held_on), (_NEXT_SESSION_DATES, row.next_on))
    return [
        replace(source.entry(row.id, day, day, **facts), edition=row.version)
        for source, day in days
        if day is not None
    ]

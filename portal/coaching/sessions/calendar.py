"""Calendar entries of coaching sessions, past and agreed."""

from collections.abc import Sequence

from portal.coaching.sessions.models import IS_NEXT_DAY_IN_FORCE, CoachingSession
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
    select_dates(CoachingSession, CoachingSession.next_on, IS_NEXT_DAY_IN_FORCE, is_meeting=True),
)
DATES = (_SESSION_DATES, _NEXT_SESSION_DATES)


def list_entries_of_session(project: Project, row: CoachingSession) -> Sequence[CalendarEntry]:
    """A session's own day, and the next session's day where it is agreed."""
    facts = {"number": row.number, "place": project.short_name, "slug": project.slug}
    entry = _SESSION_DATES.make_entry(row.id, row.held_on, row.held_on, **facts)
    entries = [entry.as_invitation(row.version)]
    if row.next_on is not None:
        following = _NEXT_SESSION_DATES.make_entry(row.id, row.next_on, row.next_on, **facts)
        entries.append(
            following.as_invitation(row.version, hour=row.hour, duration=row.duration, location=row.place)
        )
    return entries

"""The dates of coaching sessions, held and to come, for calendars."""

from typing import Any

from sqlalchemy import Select, literal, select

from portal.calendars.entries import PROJECTS, SINCE, Dates
from portal.coaching.models import CoachingSession
from portal.kernel.text import lazy_gettext as _l


def _on(day: Any) -> Select[Any, Any, Any, Any, Any, Any]:
    return select(
        CoachingSession.id,
        CoachingSession.project_id.label("scope_id"),
        day.label("starts_on"),
        day.label("ends_on"),
        CoachingSession.number,
        literal("").label("name"),
    ).where(CoachingSession.project_id.in_(PROJECTS), day >= SINCE)


DATES = (
    Dates(
        "coaching",
        _l("%(place)s : séance d’accompagnement %(number)s"),
        "/projects/{slug}/coaching/{number}",
        _on(CoachingSession.held_on),
    ),
    Dates(
        "coaching-next",
        _l("%(place)s : prochaine séance d’accompagnement"),
        "/projects/{slug}/coaching/{number}",
        _on(CoachingSession.next_on),
    ),
)

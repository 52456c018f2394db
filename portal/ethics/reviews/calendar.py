"""Due dates of conditions for calendars. Entries hold numbers, never texts."""

from sqlalchemy import literal, select

from portal.communication.calendar.entry_queries import PROJECTS, SINCE, CalendarSource
from portal.ethics.reviews.models import ReviewCondition
from portal.ethics.reviews.register_queries import UNMET_CONDITIONS
from portal.platform.kernel.text import lazy_gettext as _l

DATES = (
    CalendarSource(
        "condition",
        _l("%(place)s : condition %(number)s d’une revue éthique"),
        "/projects/{slug}/reviews/conditions/{number}",
        select(
            ReviewCondition.id,
            ReviewCondition.project_id.label("scope_id"),
            ReviewCondition.due_on.label("starts_on"),
            ReviewCondition.due_on.label("ends_on"),
            ReviewCondition.number,
            literal("").label("name"),
        ).where(
            ReviewCondition.project_id.in_(PROJECTS),
            UNMET_CONDITIONS,
            ReviewCondition.due_on >= SINCE,
        ),
    ),
)

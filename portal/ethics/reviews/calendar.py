"""Due dates of conditions for calendars. Entries hold numbers, never texts."""

from portal.communication.calendar.entry_queries import CalendarSource, select_dates
from portal.ethics.reviews.models import ReviewCondition
from portal.ethics.reviews.register_queries import UNMET_CONDITIONS
from portal.platform.kernel.text import lazy_gettext as _l

DATES = (
    CalendarSource(
        "condition",
        _l("%(place)s : condition %(number)s d’une revue éthique"),
        "/projects/{slug}/reviews/conditions/{number}",
        select_dates(ReviewCondition, ReviewCondition.due_on, UNMET_CONDITIONS),
    ),
)

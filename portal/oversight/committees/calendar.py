"""Calendar entries of committees, for the leads who hold them."""

from portal.communication.calendar.entry_queries import PERSON, PROGRAMMES, CalendarSource, select_dates
from portal.oversight.committees import policy
from portal.oversight.committees.models import Committee
from portal.platform.kernel.text import lazy_gettext as _l

DATES = (
    CalendarSource(
        "committee",
        _l("%(place)s : comité"),
        "/programmes/{slug}/committees/{number}",
        select_dates(
            Committee,
            Committee.held_on,
            policy.led_by_person_condition(PERSON),
            scope_id=Committee.programme_id,
            scopes=PROGRAMMES,
            is_meeting=True,
        ),
    ),
)

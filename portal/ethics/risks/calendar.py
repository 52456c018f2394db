"""Due dates of the mitigations that a person owns, for calendars. Entries hold no texts."""

from portal.communication.calendar.entry_queries import PERSON, CalendarSource, select_dates
from portal.ethics.risks.models import Mitigation
from portal.ethics.risks.register_queries import OPEN_MITIGATIONS
from portal.platform.kernel.text import lazy_gettext as _l

DATES = (
    CalendarSource(
        "mitigation",
        _l("%(place)s : mesure %(number)s contre un risque"),
        "/projects/{slug}/mitigations/{number}",
        select_dates(Mitigation, Mitigation.due_on, Mitigation.owner_id == PERSON, OPEN_MITIGATIONS),
    ),
)

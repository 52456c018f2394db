"""Due dates of the mitigations that a person owns, for calendars. Entries hold no texts."""

from sqlalchemy import literal, select

from portal.communication.calendar.entry_queries import PERSON, PROJECTS, SINCE, CalendarSource
from portal.ethics.risks.models import Mitigation
from portal.ethics.risks.register_queries import OPEN_MITIGATIONS
from portal.platform.kernel.text import lazy_gettext as _l

DATES = (
    CalendarSource(
        "mitigation",
        _l("%(place)s : mesure %(number)s contre un risque"),
        "/projects/{slug}/mitigations/{number}",
        select(
            Mitigation.id,
            Mitigation.project_id.label("scope_id"),
            Mitigation.due_on.label("starts_on"),
            Mitigation.due_on.label("ends_on"),
            Mitigation.number,
            literal("").label("name"),
        ).where(
            Mitigation.project_id.in_(PROJECTS),
            Mitigation.owner_id == PERSON,
            OPEN_MITIGATIONS,
            Mitigation.due_on >= SINCE,
        ),
    ),
)

"""Calendar entries of committees, for the leads who hold them."""

from sqlalchemy import exists

from portal.communication.calendar.entry_queries import PERSON, PROGRAMMES, CalendarSource, select_dates
from portal.oversight.committees.models import Committee
from portal.people.programmes.models import RoleAssignment
from portal.platform.kernel.access import Role
from portal.platform.kernel.text import lazy_gettext as _l

_IS_LED = exists().where(
    RoleAssignment.scope_id == Committee.programme_id,
    RoleAssignment.person_id == PERSON,
    RoleAssignment.role == Role.PROGRAMME_LEAD,
)
DATES = (
    CalendarSource(
        "committee",
        _l("%(place)s : comité"),
        "/programmes/{slug}/committees/{number}",
        select_dates(
            Committee,
            Committee.held_on,
            _IS_LED,
            scope_id=Committee.programme_id,
            scopes=PROGRAMMES,
            is_meeting=True,
        ),
    ),
)

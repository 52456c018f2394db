"""Calendar entries of clinics that are scheduled and not yet conducted."""

from collections.abc import Sequence

from portal.coaching.clinics.models import Clinic
from portal.communication.calendar.entry_queries import CalendarEntry, CalendarSource, select_dates
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.sprints.sprints.models import Sprint

_CLINIC_DATES = CalendarSource(
    "clinic",
    _l("%(place)s : clinique (aide demandée au sprint %(number)s)"),
    "/projects/{slug}/clinics/{number}",
    select_dates(
        Clinic,
        Clinic.planned_on,
        Clinic.held_on.is_(None),
        Clinic.closed_at.is_(None),
        number=Sprint.number,
        is_meeting=True,
    ).join(Sprint, Sprint.id == Clinic.sprint_id),
)
DATES = (_CLINIC_DATES,)


def entries_of(project: Project, clinic: Clinic | None, sprint: Sprint) -> Sequence[CalendarEntry]:
    """The clinic's calendar entry; none unless it is scheduled and neither conducted nor closed."""
    if clinic is None or clinic.planned_on is None or clinic.held_on or clinic.closed_at:
        return []
    facts = {"number": sprint.number, "place": project.short_name, "slug": project.slug}
    entry = _CLINIC_DATES.entry(clinic.id, clinic.planned_on, clinic.planned_on, **facts)
    return [entry.invite(clinic.version, hour=clinic.hour, duration=clinic.duration, location=clinic.place)]

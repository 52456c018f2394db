"""Calendar entries of clinics that are scheduled and not yet conducted."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from portal.coaching.clinics.models import Clinic
from portal.communication.calendar.entry_queries import (
    PERSON,
    PROGRAMMES,
    PROJECTS,
    CalendarEntry,
    CalendarSource,
    select_dates,
)
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.sprints.sprints.models import Sprint

_TITLE = _l("%(place)s : clinique (aide demandée au sprint %(number)s)")
_PATH = "/projects/{slug}/clinics/{number}"


def _select_planned_clinics(*conditions: Any, scopes: Any = PROJECTS) -> Any:
    is_planned = Clinic.held_on.is_(None), Clinic.closed_at.is_(None)
    rows = select_dates(
        Clinic,
        Clinic.planned_on,
        *is_planned,
        *conditions,
        scopes=scopes,
        number=Sprint.number,
        is_meeting=True,
    )
    return rows.join(Sprint, Sprint.id == Clinic.sprint_id)


_CLINIC_DATES = CalendarSource("clinic", _TITLE, _PATH, _select_planned_clinics())
# Those that a lead took, in the projects of the programme.
_LED_DATES = CalendarSource(
    "clinic_led",
    _TITLE,
    _PATH,
    _select_planned_clinics(
        Clinic.taken_by_id == PERSON,
        Clinic.project_id.not_in(PROJECTS),
        scopes=select(Project.id).where(Project.programme_id.in_(PROGRAMMES)),
    ),
)
DATES = (_CLINIC_DATES, _LED_DATES)


def list_entries_of_clinic(
    project: Project, clinic: Clinic | None, sprint: Sprint
) -> Sequence[CalendarEntry]:
    """The clinic's calendar entry; none unless it is scheduled and not conducted. It is cancelled
    where the request was closed before."""
    if clinic is None or clinic.planned_on is None or clinic.held_on:
        return []
    facts = {"number": sprint.number, "place": project.short_name, "slug": project.slug}
    entry = _CLINIC_DATES.make_entry(clinic.id, clinic.planned_on, clinic.planned_on, **facts)
    entry = entry.as_invitation(
        clinic.version, hour=clinic.hour, duration=clinic.duration, location=clinic.place
    )
    return [replace(entry, is_cancelled=clinic.closed_at is not None)]

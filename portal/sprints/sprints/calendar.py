"""Calendar entries: the days of sprints, and the end of a project's support."""

from sqlalchemy import literal, select

from portal.communication.calendar.entry_queries import PROJECTS, SINCE, CalendarSource
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.policy import IS_ACTIVE
from portal.sprints.sprints.models import Sprint

DATES = (
    CalendarSource(
        "sprint",
        _l("%(place)s : sprint %(number)s"),
        "/projects/{slug}/sprints/{number}",
        select(
            Sprint.id,
            Sprint.project_id.label("scope_id"),
            Sprint.starts_on,
            Sprint.ends_on,
            Sprint.number,
            literal("").label("name"),
        ).where(Sprint.project_id.in_(PROJECTS), Sprint.ends_on >= SINCE),
    ),
    CalendarSource(
        "end",
        _l("%(place)s : fin de l’accompagnement"),
        "/projects/{slug}",
        select(
            Project.id,
            Project.id.label("scope_id"),
            Project.ends_on.label("starts_on"),
            Project.ends_on,
            literal(0).label("number"),
            literal("").label("name"),
        ).where(Project.id.in_(PROJECTS), Project.ends_on >= SINCE, *IS_ACTIVE),
    ),
)

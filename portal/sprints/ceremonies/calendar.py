"""Calendar entries: days of demonstrations, and due dates of a person's own actions."""

from sqlalchemy import literal, select

from portal.communication.calendar.entry_queries import PERSON, PROJECTS, SINCE, CalendarSource
from portal.platform.kernel.text import lazy_gettext as _l
from portal.sprints.ceremonies.models import Demonstration, RetroAction
from portal.sprints.sprints.models import Sprint

DATES = (
    CalendarSource(
        "demonstration",
        _l("%(place)s : démonstration du sprint %(number)s"),
        "/projects/{slug}/sprints/{number}",
        select(
            Demonstration.id,
            Sprint.project_id.label("scope_id"),
            Demonstration.held_on.label("starts_on"),
            Demonstration.held_on.label("ends_on"),
            Sprint.number,
            literal("").label("name"),
        )
        .join(Sprint, Sprint.id == Demonstration.sprint_id)
        .where(Sprint.project_id.in_(PROJECTS), Demonstration.held_on >= SINCE),
    ),
    CalendarSource(
        "action",
        _l("%(place)s : %(name)s (action)"),
        "/projects/{slug}/actions/{number}",
        select(
            RetroAction.id,
            RetroAction.project_id.label("scope_id"),
            RetroAction.due_on.label("starts_on"),
            RetroAction.due_on.label("ends_on"),
            RetroAction.number,
            RetroAction.what.label("name"),
        ).where(
            RetroAction.project_id.in_(PROJECTS),
            RetroAction.owner_id == PERSON,
            RetroAction.settled_at.is_(None),
            RetroAction.due_on >= SINCE,
        ),
    ),
)

"""Who reads and writes the notes of a project's coaches. No other file decides this.

Whoever may not read them finds nothing (404): a refusal would tell that they are there.
"""

from sqlalchemy import ColumnElement, or_, select

from portal.coaching.coach_notes.models import CoachNote
from portal.platform.kernel.access import Actor, Role
from portal.project.projects import policy as projects
from portal.project.projects.models import Project


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Notes on projects that the actor coaches, or whose programme the actor leads."""
    led = actor.scopes_with(Role.PROGRAMME_LEAD)
    return or_(
        CoachNote.project_id.in_(actor.scopes_with(Role.COACH)),
        CoachNote.project_id.in_(select(Project.id).where(Project.programme_id.in_(led))),
    )


def can_read(actor: Actor, project: Project) -> bool:
    """And write one more."""
    return projects.can_advise(actor, project)


def can_edit(actor: Actor, project: Project, note: CoachNote) -> bool:
    """One's own words."""
    return note.author_id == actor.person_id and can_read(actor, project)


def can_delete(actor: Actor, project: Project, note: CoachNote) -> bool:
    """The same; or, for whoever leads the programme, words that must go."""
    leads = projects.can_lead_programme(actor, project)
    return can_read(actor, project) and (leads or can_edit(actor, project, note))

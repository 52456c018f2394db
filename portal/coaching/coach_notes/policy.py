"""Who reads and writes coaches' notes on a project. No other file decides this.

Without permission the answer is 404: a 403 would reveal that notes exist.
"""

from sqlalchemy import ColumnElement, or_, select

from portal.coaching.coach_notes.models import CoachNote
from portal.platform.kernel.access import Actor, Role
from portal.project.projects import policy as projects
from portal.project.projects.models import Project

COACH = Role.COACH


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Notes on projects that the actor coaches, or whose programme the actor leads."""
    programme_ids = actor.scopes_with(Role.PROGRAMME_LEAD)
    led_projects = select(Project.id).where(Project.programme_id.in_(programme_ids))
    return or_(
        CoachNote.project_id.in_(actor.scopes_with(Role.COACH)), CoachNote.project_id.in_(led_projects)
    )


def hand_over_answerable_by(actor: Actor) -> ColumnElement[bool]:
    """Condition on projects: the actor answers coaches who ask to hand them over, as a lead."""
    return Project.programme_id.in_(actor.scopes_with(Role.PROGRAMME_LEAD))


def can_request_hand_over(actor: Actor, project: Project) -> bool:
    """Ask the programme's lead to give the team to another coach: its coaches."""
    return projects.is_coach(actor, project)


def can_answer_hand_over(actor: Actor, project: Project) -> bool:
    """Answer such a request: whoever assigns coaches."""
    return projects.can_assign_coaches_and_tracks(actor, project)


def can_read(actor: Actor, project: Project) -> bool:
    """Read the project's notes and write new ones."""
    return projects.can_advise(actor, project)


def can_edit(actor: Actor, project: Project, note: CoachNote) -> bool:
    """The note's author."""
    return note.author_id == actor.person_id and can_read(actor, project)


def can_change_text(actor: Actor, project: Project, note: CoachNote) -> bool:
    """The note's author, unless it asked to hand the team over and was refused."""
    return note.hand_over_refused_at is None and can_edit(actor, project, note)


def can_delete(actor: Actor, project: Project, note: CoachNote) -> bool:
    """The note's author, or a lead of the programme (moderation)."""
    leads = projects.can_lead_programme(actor, project)
    return can_read(actor, project) and (leads or can_edit(actor, project, note))

"""Who may do what with the help that a team asks for. No other file decides this."""

from typing import Any

from sqlalchemy import ColumnElement, or_

from portal.coaching.clinics.models import Clinic
from portal.platform.kernel.access import Actor, Role
from portal.project.projects.models import Project


def followed_by(actor: Actor) -> ColumnElement[bool]:
    """Projects whose requests reach the actor: those they coach, and of programmes they lead."""
    led: Any = actor.scopes_with(Role.PROGRAMME_LEAD)
    return or_(Project.id.in_(actor.scopes_with(Role.COACH)), Project.programme_id.in_(led))


def is_coach(actor: Actor, project: Project) -> bool:
    return actor.has_role_in(Role.COACH, in_=project.id)


def can_take(actor: Actor, project: Project, clinic: Clinic | None) -> bool:
    """A coach of the project: what nobody has taken, or what another has and is not over."""
    is_own = clinic is not None and clinic.taken_by_id == actor.person_id
    return is_coach(actor, project) and not is_own and (clinic is None or clinic.closed_at is None)


def can_manage(actor: Actor, project: Project, clinic: Clinic | None) -> bool:
    """Date it, hold it, close it."""
    going_on = clinic is not None and clinic.closed_at is None
    return going_on and is_coach(actor, project)

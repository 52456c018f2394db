"""Who may do what with a help request. No other file decides this."""

from typing import Any

from sqlalchemy import ColumnElement, or_

from portal.coaching.clinics.models import Clinic
from portal.platform.kernel.access import Actor, Role
from portal.project.projects.models import Project


def followed_by(actor: Actor) -> ColumnElement[bool]:
    """Projects that the actor coaches, or whose programme the actor leads."""
    programme_ids: Any = actor.scopes_with(Role.PROGRAMME_LEAD)
    is_led = Project.programme_id.in_(programme_ids)
    return or_(Project.id.in_(actor.scopes_with(Role.COACH)), is_led)


def is_coach(actor: Actor, project: Project) -> bool:
    return actor.has_role_in(Role.COACH, in_=project.id)


def can_take(actor: Actor, project: Project, clinic: Clinic | None) -> bool:
    """A coach of the project may claim an unclaimed request, or another coach's open one."""
    is_own = clinic is not None and clinic.taken_by_id == actor.person_id
    return is_coach(actor, project) and not is_own and (clinic is None or clinic.closed_at is None)


def can_manage(actor: Actor, project: Project, clinic: Clinic | None) -> bool:
    """A coach of the project may schedule, conduct and close an open claim."""
    is_open = clinic is not None and clinic.closed_at is None
    return is_open and is_coach(actor, project)

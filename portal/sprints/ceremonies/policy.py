"""Who may do what with demonstrations and retrospectives. No other file decides this."""

from sqlalchemy import ColumnElement, exists

from portal.people.programmes import policy as programmes
from portal.people.programmes.models import RoleAssignment
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.project.projects import policy as projects
from portal.project.projects.models import Project
from portal.sprints.ceremonies.models import Demonstration, RetroAction, Settlement
from portal.sprints.sprints.models import Sprint, SprintState


def can_write(actor: Actor, project: Project) -> bool:
    """Demonstrations, retrospectives and actions are the team's, while it works."""
    return projects.can_work(actor, project)


def can_note_ceremony(actor: Actor, project: Project, sprint: Sprint) -> bool:
    """Tell what was shown and what was learnt, once the sprint has begun."""
    return sprint.state is not SprintState.PLANNED and can_write(actor, project)


def can_delete(actor: Actor, project: Project, demonstration: Demonstration) -> bool:
    """Take back what was noted by mistake, on the day it was noted: it is no evidence yet."""
    noted_on = clock.day_of(demonstration.created_at)
    return noted_on == clock.today() and can_write(actor, project)


def can_settle(actor: Actor, project: Project, action: RetroAction, to: Settlement | None) -> bool:
    """Say that it is done or dropped, or take that back."""
    return action.settlement is not to and can_write(actor, project)


def can_make_item(actor: Actor, project: Project, action: RetroAction) -> bool:
    """While it is open, and once."""
    standing = action.settlement is None and action.item_id is None
    return standing and can_write(actor, project)


def owner_is_on_team() -> ColumnElement[bool]:
    """Whether the owner of an action still is one of its project's team."""
    return exists().where(
        RoleAssignment.scope_id == RetroAction.project_id,
        RoleAssignment.person_id == RetroAction.owner_id,
        RoleAssignment.role.in_(programmes.TEAM),
    )

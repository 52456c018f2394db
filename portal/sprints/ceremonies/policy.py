"""Permissions on demonstrations, retrospectives and actions. No other file decides them."""

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
    """The team writes demonstrations, retrospectives and actions while the project is active."""
    return projects.can_write_team_work(actor, project)


def can_note_ceremony(actor: Actor, project: Project, sprint: Sprint) -> bool:
    """Note a demonstration or a retrospective, once the sprint has started."""
    return sprint.state is not SprintState.PLANNED and can_write(actor, project)


def can_delete_demonstration(actor: Actor, project: Project, demonstration: Demonstration) -> bool:
    """Delete a demonstration on the day it was noted; after that it is dated evidence."""
    noted_on = clock.day_of(demonstration.created_at)
    return noted_on == clock.today() and can_write(actor, project)


def can_settle(actor: Actor, project: Project, action: RetroAction, to: Settlement | None) -> bool:
    """Mark an action as done or dropped, or reopen it."""
    return action.settlement is not to and can_write(actor, project)


def can_make_item(actor: Actor, project: Project, action: RetroAction) -> bool:
    """Make an item from an open action, once."""
    is_open = action.settlement is None and action.item_id is None
    return is_open and can_write(actor, project)


def owner_on_team_condition() -> ColumnElement[bool]:
    """A condition: the owner of an action is still on the team of its project."""
    return exists().where(
        RoleAssignment.scope_id == RetroAction.project_id,
        RoleAssignment.person_id == RetroAction.owner_id,
        RoleAssignment.role.in_(programmes.TEAM),
    )

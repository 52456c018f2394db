"""Who may do what with a team's items. No other file decides this."""

from sqlalchemy import ColumnElement

from portal.people.programmes import policy as programmes
from portal.platform.kernel.access import Actor
from portal.project.projects import policy as projects
from portal.project.projects.models import Project
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.models import Item


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Items of the projects that the actor reads."""
    return programmes.reads_project(actor, Item.__table__.c.project_id)


def can_write(actor: Actor, project: Project) -> bool:
    """Anything at all in the team's name, now or later: asked before a form is looked at."""
    return projects.is_on_team(actor, project)


def can_work(actor: Actor, project: Project) -> bool:
    """Add items, put them in order, take them into a sprint."""
    return projects.can_work(actor, project)


def can_edit(actor: Actor, project: Project, item: Item) -> bool:
    """What an item says. Figures of closed sprints were frozen, so no edit is too late for them."""
    return item.gone_at is None and projects.can_work(actor, project)


def can_move(actor: Actor, project: Project, item: Item) -> bool:
    """Split it, drop it, put it elsewhere: until it is done or gone."""
    return item.is_open and projects.can_work(actor, project)


def can_set_state(actor: Actor, project: Project, item: Item, *, in_active: bool) -> bool:
    """Start, block, finish, reopen. What is not in the active sprint can be blocked, no more."""
    stands = item.gone_at is None and (in_active or item.state is not ItemState.DONE)
    return stands and projects.can_work(actor, project)


def can_take_back(actor: Actor, project: Project, item: Item, *, in_active: bool) -> bool:
    """Make what was dropped, or done in a closed sprint, something to do again."""
    over = item.gone_at is not None or (item.state is ItemState.DONE and not in_active)
    return over and projects.can_work(actor, project)

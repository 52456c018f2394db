"""Permissions on a team's items. No other file decides them."""

from sqlalchemy import ColumnElement

from portal.people.programmes import policy as programmes
from portal.platform.kernel.access import Actor
from portal.project.projects import policy as projects
from portal.project.projects.models import Project
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.models import Item


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Items of the projects that the actor reads."""
    return programmes.project_read_condition(actor, Item.__table__.c.project_id)


def can_add_and_order_items(actor: Actor, project: Project) -> bool:
    """Add items, order them, plan them in a sprint."""
    return projects.can_write_team_work(actor, project)


def can_edit(actor: Actor, project: Project, item: Item) -> bool:
    """Edit an item, also after the close of its sprint, whose figures are in a snapshot."""
    return item.gone_at is None and projects.can_write_team_work(actor, project)


def can_move(actor: Actor, project: Project, item: Item) -> bool:
    """Split, drop, move or assign an item that is neither done nor dropped."""
    return item.is_open and projects.can_write_team_work(actor, project)


def can_set_state(actor: Actor, project: Project, item: Item, *, in_active: bool) -> bool:
    """Change the state of an item. Outside the active sprint only a block or unblock follows."""
    is_open = item.gone_at is None and (in_active or item.state is not ItemState.DONE)
    return is_open and projects.can_write_team_work(actor, project)


def can_take_back(actor: Actor, project: Project, item: Item, *, in_active: bool) -> bool:
    """Reopen an item that was dropped, or done in a closed sprint."""
    is_over = item.gone_at is not None or (item.state is ItemState.DONE and not in_active)
    return is_over and projects.can_write_team_work(actor, project)

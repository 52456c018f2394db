"""Permissions on imports of a backlog. No other file decides them."""

from sqlalchemy import ColumnElement, and_

from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.project.projects.models import Project
from portal.sprints.backlog import policy as backlog
from portal.sprints.backlog_import.models import BacklogImport


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """A person's own imports that have not expired."""
    is_own = BacklogImport.person_id == actor.person_id
    return and_(is_own, BacklogImport.expires_at > clock.now())


def can_import(actor: Actor, project: Project) -> bool:
    """Import items: whoever may add them one by one."""
    return backlog.can_add_and_order_items(actor, project)

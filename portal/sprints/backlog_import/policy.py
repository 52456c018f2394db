"""Who may bring a backlog in, and take one out. No other file decides this."""

from sqlalchemy import ColumnElement, and_

from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.project.projects.models import Project
from portal.sprints.backlog import policy as backlog
from portal.sprints.backlog_import.models import BacklogImport


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """An import is for whoever brought the file, while it lasts."""
    is_own = BacklogImport.person_id == actor.person_id
    return and_(is_own, BacklogImport.expires_at > clock.now())


def can_import(actor: Actor, project: Project) -> bool:
    """To write many items at once is to write items."""
    return backlog.can_work(actor, project)

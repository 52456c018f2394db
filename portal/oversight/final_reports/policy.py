"""Who reads the end-of-support report of a project. No other file decides this.

Whoever reads a project in full reads its report at any time, as it would be that day. Whoever
watches over a programme without belonging to a project reads it once the project is over.
"""

from sqlalchemy import ColumnElement, and_, or_

from portal.people.programmes import policy as programmes
from portal.platform.kernel.access import Actor
from portal.project.projects import policy as projects
from portal.project.projects.models import Project


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Projects whose report the actor reads."""
    over = or_(Project.stopped_on.is_not(None), Project.finished_on.is_not(None))
    within = Project.programme_id.in_(actor.scopes_with(*programmes.REPORT_READERS))
    return or_(projects.visible_to(actor), and_(over, within))


def can_read_project(actor: Actor, project: Project) -> bool:
    """Whether the project's own pages open too: nobody is led to a page that does not."""
    return projects.can_read(actor, project)

"""Permissions of final reports. Whoever reads a project reads its report at any time. Observers of
a programme read it once the project is over."""

from sqlalchemy import ColumnElement, and_, not_, or_

from portal.people.programmes import policy as programmes
from portal.platform.kernel.access import Actor
from portal.project.projects import policy as projects
from portal.project.projects.models import IS_NOT_OVER, Project


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on `Project` for those whose report the actor reads."""
    is_over = not_(and_(*IS_NOT_OVER))
    in_own_programmes = Project.programme_id.in_(actor.scopes_with(*programmes.REPORT_READERS))
    return or_(projects.visible_to(actor), and_(is_over, in_own_programmes))

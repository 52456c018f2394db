"""Permissions on the data sources of a project."""

from portal.platform.kernel.access import Actor
from portal.project.projects import policy as projects
from portal.project.projects.models import Project


def can_write(actor: Actor, project: Project) -> bool:
    """Tell whether the actor may write data sources: the team, while the project is active."""
    return projects.can_write_team_work(actor, project)

"""Who may do what with the framing of a project. No other file decides this."""

from portal.platform.kernel.access import Actor
from portal.project.projects import policy as projects
from portal.project.projects.models import Project


def can_write(actor: Actor, project: Project) -> bool:
    """Target groups, assumptions, interviews and metrics are the team's, while it works."""
    return projects.can_work(actor, project)

"""Who writes a project's public card and decides that it is read. No other file decides this.

What is shown is for everybody, with or without an account: its pages ask nobody.
"""

from portal.platform.kernel.access import Actor
from portal.project.projects import policy as projects
from portal.project.projects.models import Project


def can_write(actor: Actor, project: Project) -> bool:
    """In the programme's name, in any state of the project."""
    return projects.can_lead_programme(actor, project)


def can_show(actor: Actor, project: Project) -> bool:
    """Make it readable by anybody, or take it back."""
    return can_write(actor, project)

"""Permissions of public cards. A published card needs none: anybody reads it."""

from portal.platform.kernel.access import Actor
from portal.project.projects import policy as projects
from portal.project.projects.models import Project


def can_write(actor: Actor, project: Project) -> bool:
    """Whether the actor may write, publish and hide the card, in any state of the project: the
    programme's lead."""
    return projects.can_lead_programme(actor, project)

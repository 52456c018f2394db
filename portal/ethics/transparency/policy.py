"""Permissions on a project's transparency sheet. Publications are public, without an account."""

from portal.platform.kernel.access import Actor
from portal.project.projects import policy as projects
from portal.project.projects.models import Project


def can_write(actor: Actor, project: Project) -> bool:
    """Write texts: the team, while it may work."""
    return projects.can_write_team_work(actor, project)


def can_publish(actor: Actor, project: Project) -> bool:
    """Publish: the team's lead, while the project is open."""
    return may_publish(actor, project) and projects.is_project_active(project)


def may_publish(actor: Actor, project: Project) -> bool:
    """The same, whatever the state of the project."""
    return projects.can_lead_team(actor, project)


def can_withdraw(actor: Actor, project: Project) -> bool:
    """Withdraw, in any state of the project: the team's lead or the programme's."""
    return projects.can_lead_team(actor, project) or projects.can_lead_programme(actor, project)

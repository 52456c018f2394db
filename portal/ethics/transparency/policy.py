"""Who writes, publishes and withdraws a project's transparency sheet. No other file decides this.

What is published is for everybody, with or without an account: its pages ask nobody.
"""

from portal.platform.kernel.access import Actor
from portal.project.projects import policy as projects
from portal.project.projects.models import Project


def can_write(actor: Actor, project: Project) -> bool:
    """The sheet is the team's, while it works."""
    return projects.can_work(actor, project)


def can_publish(actor: Actor, project: Project) -> bool:
    """In the team's name: whoever carries the project, while it goes on."""
    return may_publish(actor, project) and projects.is_open(project)


def may_publish(actor: Actor, project: Project) -> bool:
    """The same in some state of the project: asked before a form is looked at."""
    return projects.can_lead_team(actor, project)


def can_withdraw(actor: Actor, project: Project) -> bool:
    """Take it back, in any state: the team's lead, and the programme's for what must go."""
    return projects.can_lead_team(actor, project) or projects.can_lead_programme(actor, project)

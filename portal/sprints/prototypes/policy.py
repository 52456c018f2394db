"""Who may do what with a project's prototype and its evaluation. No other file decides this."""

from portal.platform.kernel.access import Actor
from portal.project.projects import policy as projects
from portal.project.projects.models import Project


def can_write(actor: Actor, project: Project) -> bool:
    """Versions, protocols, runs and changes of course are the team's, while it works."""
    return projects.can_work(actor, project)


def can_change_protocol(actor: Actor, project: Project, *, has_runs: bool) -> bool:
    """Once something was measured under it, a protocol is only ever replaced."""
    return not has_runs and can_write(actor, project)


def can_follow_protocol(actor: Actor, project: Project, *, is_replaced: bool) -> bool:
    """Runs, replacements and changes of course belong to the protocol that holds."""
    return not is_replaced and can_write(actor, project)

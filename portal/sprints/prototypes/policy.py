"""Permissions on a project's prototype and its evaluation. No other file decides them."""

from portal.platform.kernel.access import Actor
from portal.project.projects import policy as projects
from portal.project.projects.models import Project


def can_write(actor: Actor, project: Project) -> bool:
    """The team writes versions, protocols, runs and pivots while the project is active."""
    return projects.can_write_team_work(actor, project)


def can_change_protocol(actor: Actor, project: Project, *, has_runs: bool) -> bool:
    """Change a protocol without runs; one with runs can only be replaced."""
    return not has_runs and can_write(actor, project)


def can_add_to_protocol(actor: Actor, project: Project, *, is_replaced: bool) -> bool:
    """Add runs, a successor or a pivot to a protocol that is not replaced."""
    return not is_replaced and can_write(actor, project)

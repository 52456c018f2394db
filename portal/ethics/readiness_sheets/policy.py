"""Permissions on readiness sheets."""

from portal.ethics.readiness_sheets.models import Sheet
from portal.platform.kernel.access import Actor
from portal.project.projects import policy as projects
from portal.project.projects.models import Project


def can_begin(actor: Actor, project: Project) -> bool:
    """Start a sheet: the team, while it may work."""
    return projects.can_write_team_work(actor, project)


def can_fill(actor: Actor, project: Project, sheet: Sheet) -> bool:
    """Fill a sheet: the team, until it is complete."""
    return sheet.completed_on is None and projects.can_write_team_work(actor, project)


def may_correct_completion_day(actor: Actor, project: Project, sheet: Sheet) -> bool:
    """Correct the day on which a sheet was complete: whoever declared it, while the team may work."""
    is_own = sheet.completed_on is not None and sheet.completed_by_id == actor.person_id
    return is_own and projects.can_write_team_work(actor, project)

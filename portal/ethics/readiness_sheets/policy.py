"""Who may do what with a project's sheets. No other file decides this."""

from portal.ethics.readiness_sheets.models import Sheet
from portal.platform.kernel.access import Actor
from portal.project.projects import policy as projects
from portal.project.projects.models import Project


def can_begin(actor: Actor, project: Project) -> bool:
    """Sheets are the team's, while it works."""
    return projects.can_work(actor, project)


def can_fill(actor: Actor, project: Project, sheet: Sheet) -> bool:
    """Until it is declared complete: then it is evidence."""
    return sheet.completed_on is None and projects.can_work(actor, project)

"""What becomes of help asked by a question when its coach leaves the team."""

from uuid import UUID

from portal.oversight.decisions.awaited_queries import list_open_help_questions
from portal.oversight.decisions.commands import ASSIGNED, record_decision_event
from portal.oversight.decisions.models import DecisionAddressee
from portal.platform.kernel.access import Actor
from portal.project.projects.models import Project
from portal.project.projects.work_commands import lock_fresh


def hand_over_help_questions(actor: Actor, project: Project, before: UUID, successor_id: UUID) -> None:
    """Give those to coaches that a coach has in a project to another coach; the caller checks permission."""
    for row, _name in list_open_help_questions(project):
        lock_fresh(row)
        if row.is_open and row.owner_id == before and row.addressee is DecisionAddressee.COACH:
            row.owner_id = successor_id
            changes = {"owner_id": (before, successor_id)}
            record_decision_event(actor, project, ASSIGNED, row, changes, person_id=successor_id)

"""Give back what one has to answer, or hand over to the coach who follows what a coach has of it."""

from uuid import UUID

from portal.oversight.decisions import policy
from portal.oversight.decisions.awaited_queries import list_open_help_questions
from portal.oversight.decisions.commands import (
    ASSIGNED,
    make_overtaken_error,
    make_reassigned_error,
    record_decision_event,
    require_answerer,
)
from portal.oversight.decisions.models import AwaitedDecision, DecisionAddressee
from portal.platform.kernel import audit
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import check_version
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.work_commands import lock_fresh

GIVEN_BACK = audit.Action(
    "decision.given_back", _l("a remis en attente «\u00a0%(name)s\u00a0»\u00a0: personne ne s’en charge plus")
)


def give_back_decision(actor: Actor, project: Project, row: AwaitedDecision, version: int) -> None:
    """Have a decision or a request for help that one has wait again for all who may answer it; idempotent.

    Raises `NotAllowed`, `Conflict` where the team changed it meanwhile, and `Overtaken` where somebody else
    has it, or once it no longer waits.
    """
    require_answerer(actor, project, row)
    lock_fresh(row)
    if not policy.can_assign(actor, project, row):
        raise make_overtaken_error(project, row)
    if row.owner_id is None:
        return
    if not policy.can_give_back(actor, project, row):
        raise make_reassigned_error(project, row)
    check_version(row, version)
    have_wait_again(actor, project, row)


def have_wait_again(actor: Actor | None, project: Project, row: AwaitedDecision) -> None:
    """Leave an open decision without whoever has it, and record it; the caller checks permission."""
    changes = {"owner_id": (row.owner_id, None)}
    row.owner_id = None
    record_decision_event(actor, project, GIVEN_BACK, row, changes)


def hand_over_help_questions(actor: Actor, project: Project, before: UUID, successor_id: UUID) -> None:
    """Give those to coaches that a coach has in a project to another coach; the caller checks permission."""
    for row, _name in list_open_help_questions(project):
        lock_fresh(row)
        if row.is_open and row.owner_id == before and row.addressee is DecisionAddressee.COACH:
            row.owner_id = successor_id
            changes = {"owner_id": (before, successor_id)}
            record_decision_event(actor, project, ASSIGNED, row, changes, person_id=successor_id)

"""What somebody has to answer: given back, reminded of, handed over to the coach who follows."""

from uuid import UUID

from portal.oversight.decisions import policy
from portal.oversight.decisions.awaited_queries import list_open_help_questions
from portal.oversight.decisions.commands import (
    have_wait_again,
    make_overtaken_error,
    make_reassigned_error,
    record_decision_event,
    require_answerer,
)
from portal.oversight.decisions.event_commands import ASSIGNED, REMINDED
from portal.oversight.decisions.models import AwaitedDecision, DecisionAddressee
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import check_version
from portal.platform.kernel.errors import RuleBroken, TooLate
from portal.platform.kernel.history import was_recorded_today
from portal.platform.kernel.text import gettext as _
from portal.project.projects.models import Project
from portal.project.projects.path_rules import row_path
from portal.project.projects.work_commands import lock_fresh


def give_back_decision(actor: Actor, project: Project, row: AwaitedDecision, version: int) -> None:
    """Have a decision or a request for help that one has wait again for all who may answer it; idempotent.

    Raises `NotAllowed`, `Conflict` where the team changed it meanwhile, `Overtaken` where somebody else has
    it, or once it no longer waits, and `TooLate` in a project that is over.
    """
    require_answerer(actor, project, row)
    lock_fresh(row)
    if not policy.can_assign(actor, project, row):
        raise make_overtaken_error(project, row)
    if row.owner_id is None:
        return
    if project.is_over:
        raise TooLate(
            _("Le projet est arrêté ou terminé\u00a0: rien n’y attend plus."), row_path(project, row)
        )
    if not policy.can_give_back(actor, project, row):
        raise make_reassigned_error(project, row)
    check_version(row, version)
    have_wait_again(actor, project, row)


def remind_owner(actor: Actor, project: Project, row: AwaitedDecision) -> None:
    """Remind whoever has the decision; at most once a day. Raises `Overtaken` once it no longer
    waits, `RuleBroken` where nobody else has it and within the day."""
    require_answerer(actor, project, row)
    lock_fresh(row)
    if not policy.can_assign(actor, project, row):
        raise make_overtaken_error(project, row)
    if row.owner_id in (None, actor.person_id):
        raise RuleBroken(None, _("Personne d’autre ne s’en charge : il n’y a personne à relancer."))
    if was_recorded_today(row.id, REMINDED.code):
        raise RuleBroken(None, _("Un rappel est déjà parti aujourd’hui : attendez demain."))
    record_decision_event(actor, project, REMINDED, row, person_id=row.owner_id)


def hand_over_help_questions(actor: Actor, project: Project, before: UUID, successor_id: UUID) -> None:
    """Give those to coaches that a coach has in a project to another coach; the caller checks permission."""
    for question in list_open_help_questions(project):
        row = question.row
        lock_fresh(row)
        if row.is_open and row.owner_id == before and row.addressee is DecisionAddressee.COACH:
            row.owner_id = successor_id
            changes = {"owner_id": (before, successor_id)}
            record_decision_event(actor, project, ASSIGNED, row, changes, person_id=successor_id)

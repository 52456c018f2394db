"""Commands that undo, within the hour, the start or the close of a sprint."""

from datetime import date, datetime
from typing import Any

from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.errors import RuleBroken, TooLate
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.path_rules import row_path_by_number
from portal.project.projects.revision_queries import AuditRevision
from portal.project.projects.state_rules import require_active
from portal.project.projects.work_commands import apply_values, record_change, require_team_member
from portal.sprints.backlog import iteration_commands
from portal.sprints.backlog.queries import has_item_state_changed_since
from portal.sprints.sprints import policy, queries
from portal.sprints.sprints.help_commands import WITHDRAWN_HELP, take_back_reopening
from portal.sprints.sprints.models import BlockerKind, Sprint, SprintState
from portal.sprints.sprints.section_queries import SprintHelpFollowUp, SprintStartUndoBlocker
from portal.sprints.sprints.timing_commands import lock_fresh_sprint

START_UNDONE = audit.Action("sprint.start_undone", _l("a annulé le démarrage du sprint %(number)s"))
CLOSE_UNDONE = audit.Action("sprint.close_undone", _l("a annulé la clôture du sprint %(number)s"))


def undo_start_or_close(actor: Actor, project: Project, sprint: Sprint, version: int) -> bool:
    """Undo the start of a running sprint, or the close of a closed one with the help that it asked for,
    or that it withdrew. Returns whether it has the days again that it had before: another sprint may have
    them now.

    Raises `NotAllowed`, `TooLate`, `RuleBroken` once something was done, and `Conflict`.
    """
    require_team_member(actor, project)
    require_active(project)
    lock_fresh_sprint(project, sprint, version)
    if not policy.can_undo(actor, project, sprint):
        page = row_path_by_number(project, Sprint, sprint.number)
        raise TooLate(_("Un démarrage ou une clôture s’annule pendant une heure."), page)
    if obstacle := explain_undo_obstacle(project, sprint):
        raise RuleBroken(None, obstacle)
    if sprint.state is SprintState.ACTIVE:
        return _undo_start(actor, project, sprint)
    return _undo_close(actor, project, sprint)


def explain_undo_obstacle(project: Project, sprint: Sprint) -> str:
    """What happened since that forbids to undo the last step; "" for nothing. For callers whom
    `policy.can_undo` lets undo it."""
    if sprint.state is SprintState.ACTIVE:
        sentence = _("Du travail est déjà noté dans ce sprint : il ne s’annule plus.")
        return sentence if _has_started_work(sprint) else ""
    if _would_leave_taken_request(sprint):
        return _("Un coach a pris la demande d’aide de cette clôture\u00a0: modifiez plutôt le journal.")
    if sprint.decision_awaited:
        return _("Cette clôture a demandé une décision\u00a0: modifiez plutôt le journal.")
    running = queries.find_active_sprint(project)
    if running is not None:
        sentence = _("Le sprint %(number)s a commencé depuis : cette clôture ne s’annule plus.")
        return sentence % {"number": running.number}
    if iteration_commands.has_spilled_item_changed_since_close(sprint.id):
        return _("Des éléments ont changé depuis la clôture : elle ne s’annule plus.")
    return ""


def withdraws_help(sprint: Sprint) -> bool:
    """Whether undoing the close of a sprint withdraws its request for help: the close made it."""
    return sprint.closed_at is not None and sprint.help_requested_at == sprint.closed_at


def _would_leave_taken_request(sprint: Sprint) -> bool:
    """Whether a coach took a request that the undo of a close would withdraw, or that the log did since.
    One taken before a close that withdrew it comes back."""
    if sprint.closed_at is None or sprint.help_taken_at is None:
        return False
    if sprint.help_requested_at is not None or sprint.is_help_closed:
        return withdraws_help(sprint)
    close = queries.find_close_revision(sprint)
    comes_back = close is not None and WITHDRAWN_HELP in close.facts
    return not (comes_back and sprint.help_taken_at < sprint.closed_at)


def _undo_start(actor: Actor, project: Project, sprint: Sprint) -> bool:
    days = _find_days_before_start_or_close(project, sprint, queries.find_start_revision(sprint))
    sprint.started_at = None
    changes = apply_values(sprint, days)
    iteration_commands.undo_iteration_start(actor, project, sprint.id)
    record_change(actor, START_UNDONE, sprint, changes)
    return bool(days)


def _has_started_work(sprint: Sprint) -> bool:
    """Whether an item changed its state since the start, a log was drafted, a ceremony noted…"""
    started_at = sprint.started_at
    if started_at is None or (sprint.drafted_at and sprint.drafted_at >= started_at):
        return True
    records = list_contributions(SprintStartUndoBlocker)
    return has_item_state_changed_since(sprint.id, started_at) or any(
        record.exists(sprint.id) for record in records
    )


def _undo_close(actor: Actor, project: Project, sprint: Sprint) -> bool:
    close = queries.find_close_revision(sprint)
    is_awaited = sprint.awaits_help
    facts: dict[str, Any] = {WITHDRAWN_HELP: sprint.help_requested_at} if withdraws_help(sprint) else {}
    if withdraws_help(sprint) or sprint.help_requested_at is None:  # else a later request has its place
        take_back_reopening(actor, project, sprint, sprint.closed_at)
    days = _find_days_before_start_or_close(project, sprint, close)
    values: dict[str, Any] = dict(days)
    iteration_commands.reopen_iteration(actor, project, sprint.id)
    sprint.closed_at, sprint.drafted_at = None, clock.now()  # its log is a draft again
    withdrawn_at = close.facts.get(WITHDRAWN_HELP) if close else None
    if close and withdrawn_at and sprint.help_requested_at is None:
        sprint.help_asked_at = datetime.fromisoformat(withdrawn_at)
        if sprint.help_closed_at is not None and sprint.help_asked_at > sprint.help_closed_at:
            for follow_up in list_contributions(SprintHelpFollowUp):
                follow_up.reopen(actor, project, sprint, sprint.help_asked_at, True)
        values |= {"help_wanted": True} | _find_words_of_withdrawn_request(sprint, close)
    is_taken = sprint.help_taken_at is not None
    if sprint.help_text is not None and not is_taken and (is_awaited or sprint.awaits_help):
        # The words of a request that waits are those of the log until the close.
        values |= {"blocker_text": sprint.help_text, "blocker": sprint.request_blocker}
        sprint.help_text = sprint.help_blocker = None
    record_change(actor, CLOSE_UNDONE, sprint, apply_values(sprint, values), **facts)
    return bool(days)


def _find_words_of_withdrawn_request(sprint: Sprint, close: AuditRevision) -> dict[str, Any]:
    """The words of a request that a close withdrew and emptied; nothing where the log has words since."""
    if sprint.blocker_text or "blocker_text" not in close.changes:
        return {}
    text, kind = (close.changes[name][0] for name in ("blocker_text", "blocker"))
    return {"blocker_text": text, "blocker": BlockerKind(kind)} if text else {}


def _find_days_before_start_or_close(
    project: Project, sprint: Sprint, step: AuditRevision | None
) -> dict[str, date]:
    """The days that the sprint had before the step, unless another sprint has them now."""
    changes = step.changes if step else {}
    days = {
        name: date.fromisoformat(changes[name][0]) if name in changes else getattr(sprint, name)
        for name in ("starts_on", "ends_on")
    }
    other = queries.find_overlapping_sprint(project, days["starts_on"], days["ends_on"], but=sprint)
    return {} if other else days

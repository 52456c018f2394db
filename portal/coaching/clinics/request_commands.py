"""Ask for help on any day, or withdraw the request; for the team."""

from datetime import datetime
from typing import Any

from portal.coaching.clinics.commands import build_request_audit_facts, make_closed_error
from portal.coaching.clinics.models import Clinic
from portal.coaching.clinics.queries import (
    find_latest_clinic_of_sprint,
    get_claimant_name,
    list_closed_clinics_of_sprint,
)
from portal.platform.kernel import audit
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import check_version
from portal.platform.kernel.errors import Overtaken
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.revision_queries import list_revisions
from portal.project.projects.work_commands import apply_values, record_change
from portal.sprints.sprints import help_commands, timing_commands
from portal.sprints.sprints.models import BlockerKind, Sprint
from portal.sprints.sprints.section_queries import SprintHelpFollowUp

REOPENED = audit.Action("clinic.reopened", _l("a demandé à nouveau de l’aide, sprint %(number)s"))
REOPENING_UNDONE = audit.Action("clinic.reopening_undone")  # feeds tell what undid or withdrew it


def request_help(
    actor: Actor,
    project: Project,
    sprint: Sprint,
    blocker: BlockerKind,
    text: str,
    *,
    expected_version: int,
    replaces: bool = True,
) -> Sprint:
    """Make, or complete, the request of a sprint; after one that was closed, a new one waits.

    Raises as `help_commands.ask_for_help` does.
    """
    help_commands.ask_for_help(
        actor, project, sprint, blocker, text, expected_version=expected_version, replaces=replaces
    )
    clinic = find_latest_clinic_of_sprint(sprint)
    if clinic is not None and clinic.closed_at is not None and sprint.help_asked_at is not None:
        _leave_place_to_new_request(actor, project, sprint, clinic, sprint.help_asked_at)
    return sprint


def withdraw_help(
    actor: Actor, project: Project, sprint: Sprint, *, seen_version: int | None = None
) -> Sprint:
    """Withdraw the request of a sprint while nobody took it; idempotent. What blocks stays in its log, and
    in its history the words of a request that was made after the close. An earlier request that was closed
    counts again.

    Raises `NotAllowed`, `TooLate` once it is closed, `Overtaken` once somebody took it, and `Conflict`
    where somebody changed the sprint since `seen_version`.
    """
    timing_commands.require_to_plan(actor, project)
    timing_commands.lock_fresh_sprint(project, sprint)
    if sprint.help_closed_at is not None:
        if _was_withdrawn_since(sprint, sprint.help_closed_at):
            return sprint
        raise make_closed_error(project, sprint)
    if sprint.help_taken_at is not None:
        raise Overtaken(_("Un coach a pris cette demande\u00a0: elle reste jusqu’à sa clôture."))
    asked_at = sprint.help_requested_at
    if asked_at is None:
        return sprint
    if seen_version is not None:
        check_version(sprint, seen_version)
    sprint.help_asked_at = sprint.help_text = sprint.help_blocker = None
    facts: dict[str, Any] = {help_commands.WITHDRAWN_HELP: asked_at}
    changes = apply_values(sprint, {"help_wanted": False})
    record_change(actor, help_commands.HELP_WITHDRAWN, sprint, changes, **facts)
    if earlier := take_back_reopening(actor, project, sprint, asked_at):
        sprint.help_asked_at = earlier.requested_at
    return sprint


def _was_withdrawn_since(sprint: Sprint, moment: datetime) -> bool:
    """Whether a request made after one that was closed was withdrawn."""
    withdrawals = list_revisions([sprint.id], [help_commands.HELP_WITHDRAWN.code])
    return bool(withdrawals) and withdrawals[0].at > moment


def _leave_place_to_new_request(
    actor: Actor, project: Project, sprint: Sprint, clinic: Clinic, asked_at: datetime
) -> None:
    clinic.asked_again_at = asked_at
    audit.record(
        actor, REOPENED, clinic, scope_id=project.id, facts=build_request_audit_facts(project, sprint)
    )


def reopen_request_by_log(
    actor: Actor, project: Project, sprint: Sprint, now: datetime, is_ticked: bool
) -> bool:
    """See `SprintHelpFollowUp.reopen`; the caller checks permission."""
    clinic = find_latest_clinic_of_sprint(sprint)
    if clinic is None or clinic.closed_at is None:
        return False
    if not is_ticked and sprint.request_text == clinic.blocker_text:
        return False
    _leave_place_to_new_request(actor, project, sprint, clinic, now)
    return True


def take_back_reopening(
    actor: Actor, project: Project, sprint: Sprint, asked_at: datetime | None
) -> Clinic | None:
    """See `SprintHelpFollowUp.take_back`, which needs no clinic; the caller checks permission."""
    if find_latest_clinic_of_sprint(sprint) is not None:
        return None
    clinic = next(iter(list_closed_clinics_of_sprint(sprint)), None)
    if clinic is None or clinic.asked_again_at != asked_at:
        return None
    clinic.asked_again_at = None
    facts = build_request_audit_facts(project, sprint)
    audit.record(actor, REOPENING_UNDONE, clinic, scope_id=project.id, facts=facts)
    return clinic


def find_claimant_of_open_request(sprint: Sprint) -> str:
    """See `SprintHelpFollowUp.find_claimant`."""
    clinic = find_latest_clinic_of_sprint(sprint)
    return get_claimant_name(clinic) if clinic is not None and clinic.closed_at is None else ""


HELP_FOLLOW_UP = SprintHelpFollowUp(reopen_request_by_log, take_back_reopening, find_claimant_of_open_request)

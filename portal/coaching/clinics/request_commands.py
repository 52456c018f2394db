"""Ask for help on any day; for the team."""

from datetime import datetime

from portal.coaching.clinics.commands import build_request_audit_facts
from portal.coaching.clinics.models import Clinic
from portal.coaching.clinics.queries import (
    find_latest_clinic_of_sprint,
    get_claimant_name,
    list_closed_clinics_of_sprint,
)
from portal.platform.kernel import audit
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.sprints.sprints import help_commands
from portal.sprints.sprints.models import BlockerKind, Sprint
from portal.sprints.sprints.section_queries import SprintHelpFollowUp

REOPENED = audit.Action("clinic.reopened", _l("a demandé à nouveau de l’aide, sprint %(number)s"))
REOPENING_UNDONE = audit.Action("clinic.reopening_undone")  # the undo of the close says it in feeds


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


def take_back_reopening(actor: Actor, project: Project, sprint: Sprint) -> None:
    """See `SprintHelpFollowUp.take_back`; the caller checks permission."""
    if find_latest_clinic_of_sprint(sprint) is not None:
        return
    for clinic in list_closed_clinics_of_sprint(sprint)[:1]:
        if clinic.asked_again_at == sprint.closed_at:
            clinic.asked_again_at = None
            facts = build_request_audit_facts(project, sprint)
            audit.record(actor, REOPENING_UNDONE, clinic, scope_id=project.id, facts=facts)


def find_claimant_of_open_request(sprint: Sprint) -> str:
    """See `SprintHelpFollowUp.find_claimant`."""
    clinic = find_latest_clinic_of_sprint(sprint)
    return get_claimant_name(clinic) if clinic is not None and clinic.closed_at is None else ""


HELP_FOLLOW_UP = SprintHelpFollowUp(reopen_request_by_log, take_back_reopening, find_claimant_of_open_request)

"""Ask for help on any day; for the team."""

from portal.coaching.clinics.commands import build_request_audit_facts
from portal.coaching.clinics.queries import find_latest_clinic_of_sprint
from portal.platform.kernel import audit
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.sprints.sprints import help_commands
from portal.sprints.sprints.models import BlockerKind, Sprint

REOPENED = audit.Action("clinic.reopened", _l("a demandé à nouveau de l’aide, sprint %(number)s"))


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
        clinic.asked_again_at = sprint.help_asked_at
        audit.record(
            actor, REOPENED, clinic, scope_id=project.id, facts=build_request_audit_facts(project, sprint)
        )
    return sprint

"""What the state of a sprint and of its project allows: why not, and where to go on.

Each asks the role first (`NotAllowed`), then how things stand (`TooLate`). Views ask before they
show a form, commands before they act.
"""

from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.errors import TooLate
from portal.platform.kernel.text import gettext as _
from portal.project.projects.models import Project
from portal.project.projects.state_rules import require_active
from portal.project.projects.work_commands import team_only_message
from portal.sprints.sprints import policy
from portal.sprints.sprints.models import Sprint, SprintState


def require_writer(actor: Actor, project: Project) -> None:
    """Raise `NotAllowed` for whoever does not write in this team's name."""
    require(policy.can_write(actor, project), team_only_message())


def require_to_plan(actor: Actor, project: Project) -> None:
    require_writer(actor, project)
    require_active(project)


def require_to_edit_plan(actor: Actor, project: Project, sprint: Sprint) -> None:
    require_to_plan(actor, project)
    if not policy.can_edit_plan(actor, project, sprint):
        _raise_too_late(project, sprint, _("Ce sprint est clos : son plan ne change plus."))


def require_to_drop(actor: Actor, project: Project, sprint: Sprint) -> None:
    require_to_plan(actor, project)
    if not policy.can_drop(actor, project, sprint):
        _raise_too_late(project, sprint, _("Ce sprint a commencé, il ne se retire plus."))


def require_to_start(actor: Actor, project: Project, sprint: Sprint) -> None:
    require_to_plan(actor, project)
    if not policy.can_start(actor, project, sprint):
        _raise_too_late(project, sprint, _("Ce sprint n’est plus à démarrer."))


def require_to_close(actor: Actor, project: Project, sprint: Sprint) -> None:
    require_to_plan(actor, project)
    if policy.can_close(actor, project, sprint):
        return
    if sprint.state is SprintState.PLANNED:
        _raise_too_late(
            project, sprint, _("Ce sprint n’a pas commencé : démarrez-le avant de le clore.")
        )
    _raise_too_late(project, sprint, _("Ce sprint n’est plus à clore."))


def require_to_edit_log(actor: Actor, project: Project, sprint: Sprint) -> None:
    require_to_plan(actor, project)
    if policy.can_edit_log(actor, project, sprint):
        return
    if sprint.state is SprintState.PLANNED:
        why = _("Ce sprint n’a pas commencé : son journal s’écrit à la clôture.")
    else:
        why = _("Ce sprint n’est pas encore clos : son journal s’écrit à la clôture.")
    _raise_too_late(project, sprint, why)


def sprint_path(project: Project, number: int) -> str:
    return f"/projects/{project.slug}/sprints/{number}"


def _raise_too_late(project: Project, sprint: Sprint, sentence: str) -> None:
    raise TooLate(sentence, sprint_path(project, sprint.number))

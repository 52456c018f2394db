"""Preconditions of the commands on sprints: first the role (`NotAllowed`), then the state.

A state that came too late raises `TooLate` with the reason and the page where to go on. Views call
these before they show a form, commands before they act.
"""

from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import lock_row
from portal.platform.kernel.errors import AlreadyDeleted, TooLate
from portal.platform.kernel.text import gettext as _
from portal.project.projects.models import Project
from portal.project.projects.path_rules import row_path_by_number
from portal.project.projects.state_rules import require_active
from portal.project.projects.work_commands import lock_fresh, require_team_member
from portal.sprints.sprints.models import Sprint, SprintState


def lock_fresh_sprint(project: Project, sprint: Sprint, version: int | None = None) -> None:
    """Lock the project, then a sprint of it, and reload the sprint: the one order for all who change the
    sprint or its request for help.

    Raises `AlreadyDeleted` where somebody deleted it meanwhile, `Conflict` unless the reloaded sprint is
    at `version`.
    """
    lock_row(Project, project.id)
    try:
        lock_fresh(sprint, version)
    except AlreadyDeleted:
        raise AlreadyDeleted(
            _("Ce sprint vient d’être supprimé."), f"/projects/{project.slug}/sprints"
        ) from None


def require_to_plan(actor: Actor, project: Project) -> None:
    """Raise `NotAllowed`, or `TooLate` unless the project is active."""
    require_team_member(actor, project)
    require_active(project)


def require_to_edit_plan(actor: Actor, project: Project, sprint: Sprint) -> None:
    """Raise `NotAllowed`, or `TooLate` for a closed sprint or an inactive project."""
    require_to_plan(actor, project)
    if sprint.state is SprintState.CLOSED:
        _raise_too_late(project, sprint, _("Ce sprint est clos : son plan ne change plus."))


def require_to_drop(actor: Actor, project: Project, sprint: Sprint) -> None:
    """Raise `NotAllowed`, or `TooLate` once the sprint has started."""
    require_to_plan(actor, project)
    if sprint.state is not SprintState.PLANNED:
        _raise_too_late(project, sprint, _("Ce sprint a commencé, il ne se supprime plus."))


def require_to_start(actor: Actor, project: Project, sprint: Sprint) -> None:
    """Raise `NotAllowed`, or `TooLate` once the sprint has started."""
    require_to_plan(actor, project)
    if sprint.state is not SprintState.PLANNED:
        _raise_too_late(project, sprint, _("Ce sprint n’est plus à démarrer."))


def require_to_close(actor: Actor, project: Project, sprint: Sprint) -> None:
    """Raise `NotAllowed`, or `TooLate` unless project and sprint are in progress."""
    require_team_member(actor, project)
    require_in_progress(project, sprint)


def require_in_progress(project: Project, sprint: Sprint) -> None:
    """Raise `TooLate` unless the project and the sprint are in progress. Checks no role."""
    require_active(project)
    if sprint.state is SprintState.PLANNED:
        _raise_too_late(project, sprint, _("Ce sprint n’a pas commencé : démarrez-le avant de le clore."))
    if sprint.state is SprintState.CLOSED:
        _raise_too_late(project, sprint, _("Ce sprint n’est plus à clore."))


def require_to_edit_log(actor: Actor, project: Project, sprint: Sprint) -> None:
    """Raise `NotAllowed`, or `TooLate` before the close."""
    require_to_plan(actor, project)
    if sprint.state is SprintState.PLANNED:
        why = _("Ce sprint n’a pas commencé : son journal s’écrit à la clôture.")
        _raise_too_late(project, sprint, why)
    if sprint.state is SprintState.ACTIVE:
        why = _("Ce sprint n’est pas encore clos : son journal s’écrit à la clôture.")
        _raise_too_late(project, sprint, why)


def _raise_too_late(project: Project, sprint: Sprint, sentence: str) -> None:
    raise TooLate(sentence, row_path_by_number(project, Sprint, sprint.number))

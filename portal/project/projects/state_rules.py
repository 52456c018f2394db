"""What a project's state allows. Permissions that depend on it are in `work_commands`."""

from portal.platform.kernel.errors import TooLate
from portal.platform.kernel.text import gettext as _
from portal.project.projects.models import Project, ProjectState
from portal.project.projects.path_rules import project_path


def require_active(project: Project) -> None:
    """Raise `TooLate`, with the reason, unless the project is active."""
    if reason := explain_project_not_active(project):
        raise TooLate(reason, project_path(project))


def explain_project_not_active(project: Project) -> str:
    """Return why the team of a project may not write; "" while the project is active."""
    if project.state is ProjectState.ACTIVE:
        return ""
    return _(
        "Ce projet n’est pas en cours : son équipe n’y modifie plus ni les sprints ni la"
        " présentation, et personne n’y est invité. Chacun peut lire et commenter."
    )

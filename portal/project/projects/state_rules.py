"""What a project's state allows, asked of those whose role would: why not, and where to go on."""

from portal.people.programmes.models import RoleAssignment
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.errors import TooLate
from portal.platform.kernel.text import gettext as _
from portal.project.projects import policy
from portal.project.projects.models import Project


def require_active(project: Project) -> None:
    """Raise `TooLate` while the team of a project writes nothing."""
    if why := closed_reason(project):
        raise TooLate(why, project_path(project))


def closed_reason(project: Project) -> str:
    """Why the team of a project writes nothing; "" while it does."""
    if policy.is_open(project):
        return ""
    return _(
        "Ce projet n’est pas en cours : son équipe n’y modifie plus ni les sprints ni la"
        " fiche, et personne n’y est invité. Chacun peut lire et commenter."
    )


def require_to_edit(actor: Actor, project: Project) -> None:
    require(policy.may_write_file(actor, project))
    if not policy.can_edit(actor, project):
        require_active(project)


def require_to_invite(actor: Actor, project: Project) -> None:
    require(policy.can_withdraw(actor, project))
    require_active(project)


def require_to_set_share(actor: Actor, project: Project, assignment: RoleAssignment) -> None:
    require(policy.may_set_share(actor, project, assignment))
    if not policy.can_set_share(actor, project, assignment):
        require_active(project)


def project_path(project: Project) -> str:
    return f"/projects/{project.slug}"

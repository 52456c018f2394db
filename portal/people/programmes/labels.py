"""What taking a role back means, for whoever is asked first."""

from portal.people.programmes.models import RoleAssignment, Scope, ScopeKind
from portal.people.programmes.queries import list_assigned_from_pool
from portal.platform.kernel.text import gettext as _


def list_losses(scope: Scope, assignment: RoleAssignment) -> list[str]:
    """What a person loses with a role, in sentences."""
    lost = {
        ScopeKind.INSTALLATION: _(
            "Cette personne ne pourra plus créer de programme, ni en nommer la direction."
        ),
        ScopeKind.PROGRAMME: _("Cette personne ne verra plus le programme par ce rôle."),
        ScopeKind.PROJECT: _("Cette personne ne verra plus le projet par ce rôle."),
    }
    sentences = [lost[scope.kind]]
    inside = len(list_assigned_from_pool(scope, assignment))
    if inside:
        sentences.append(_("Elle perd aussi ce rôle dans les projets : %(num)s.", num=inside))
    return [*sentences, _("Ce que la personne a écrit reste, sous son nom.")]

"""Sentences on who holds roles in a programme, and on what a person loses with a role or their account."""

from collections.abc import Sequence
from uuid import UUID

from portal.people.programmes import policy
from portal.people.programmes.models import RoleAssignment, Scope, ScopeKind
from portal.people.programmes.notice_labels import AccountLossSource, RoleLossSource
from portal.people.programmes.queries import RoleHolder, has_other_holder, list_dependent_assignments
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.kernel.text import ngettext

_LAST_HOLDERS = {
    policy.PROGRAMME_LEAD: _l(
        "C’est la dernière direction : personne ne mènera plus le programme, tant qu’un administrateur n’en"
        " invite pas une autre."
    ),
    policy.TEAM_LEAD: _l("C’est le dernier porteur : personne ne mènera plus l’équipe."),
}


def count_people(holders: Sequence[RoleHolder]) -> str:
    """How many people hold a role, and the names of all who lead."""
    count = len({holder.person.id for holder in holders})
    leads = [holder.person.name for holder in holders if holder.assignment.role is policy.PROGRAMME_LEAD]
    if not leads:
        return ngettext("%(num)s personne", "%(num)s personnes", count)
    return ngettext(
        "%(num)s personne, à la direction : %(names)s",
        "%(num)s personnes, dont à la direction : %(names)s",
        count,
        names=", ".join(leads),
    )


def list_role_losses(scope: Scope, assignment: RoleAssignment) -> list[str]:
    """List what a person loses with a role."""
    losses = {
        ScopeKind.INSTALLATION: _(
            "Cette personne ne pourra plus créer de programme, ni en nommer la direction."
        ),
        ScopeKind.PROGRAMME: _("Cette personne ne verra plus le programme par ce rôle."),
        ScopeKind.PROJECT: _("Cette personne ne verra plus le projet par ce rôle."),
    }
    sentences = [losses[scope.kind]]
    project_count = len(list_dependent_assignments(scope, assignment))
    if project_count:
        sentences.append(_("Elle perd aussi ce rôle dans les projets : %(num)s.", num=project_count))
    if assignment.role in _LAST_HOLDERS and not has_other_holder(
        scope.id, assignment.role, assignment.person_id
    ):
        sentences.append(str(_LAST_HOLDERS[assignment.role]))
    for contribution in list_contributions(RoleLossSource):
        sentences += contribution.list_losses(scope, assignment)
    return [*sentences, _("Ce que la personne a écrit reste, sous son nom.")]


def list_account_losses(person_id: UUID) -> list[str]:
    """List what features say of the close of a person's account."""
    sources = list_contributions(AccountLossSource)
    return [sentence for source in sources for sentence in source.list_losses(person_id)]

"""What waits again once a role ends or an account is closed, for the pages that ask before."""

from collections.abc import Sequence
from uuid import UUID

from portal.coaching.clinics.claim_queries import list_claims_to_release
from portal.oversight.decisions.labels import numbered_name
from portal.oversight.decisions.owner_queries import list_decisions_to_give_back, read_actor_without_role
from portal.people.programmes.models import RoleAssignment, Scope
from portal.people.programmes.notice_labels import AccountLossSource, RoleLossSource
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lower_first, ngettext

NAMED_MAX = 10


def _list_role_losses(scope: Scope, assignment: RoleAssignment) -> Sequence[str]:
    return _name_what_waits_again(read_actor_without_role(scope, assignment))


def _list_account_losses(person_id: UUID) -> Sequence[str]:
    return _name_what_waits_again(Actor(person_id, {}))


def _name_what_waits_again(owner: Actor) -> Sequence[str]:
    """What a person with these roles alone may not keep, a sentence each up to a limit, then how many more;
    by number: who asks may not read what teams write."""
    names = [
        (_("demande d’aide du sprint %(n)s", n=sprint.number), project)
        for project, sprint in list_claims_to_release(owner)
    ]
    names += [
        (lower_first(numbered_name(row)), project) for project, row in list_decisions_to_give_back(owner)
    ]
    sentences = [
        _("Attendra de nouveau, dans %(team)s\u00a0: %(what)s.", team=project.short_name, what=name)
        for name, project in names[:NAMED_MAX]
    ]
    more = len(names) - NAMED_MAX
    if more > 0:
        sentences.append(
            ngettext("%(num)s autre attendra de même.", "%(num)s autres attendront de même.", more)
        )
    return sentences


LOSSES = (RoleLossSource(_list_role_losses), AccountLossSource(_list_account_losses))

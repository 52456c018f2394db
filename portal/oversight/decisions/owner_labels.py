"""What waits again once a role ends or an account is closed, for the pages that ask before."""

from collections.abc import Sequence
from uuid import UUID

from portal.oversight.decisions.labels import numbered_name
from portal.oversight.decisions.owner_queries import (
    WorkThatWaitsAgain,
    read_work_without_account,
    read_work_without_role,
)
from portal.people.programmes.models import RoleAssignment, Scope
from portal.people.programmes.notice_labels import AccountLossSource, RoleLossSource
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lower_first, ngettext

NAMED_MAX = 10


def _list_role_losses(scope: Scope, assignment: RoleAssignment) -> Sequence[str]:
    return _name_what_waits_again(read_work_without_role(scope, assignment))


def _list_account_losses(person_id: UUID) -> Sequence[str]:
    return _name_what_waits_again(read_work_without_account(person_id))


def _name_what_waits_again(work: WorkThatWaitsAgain) -> Sequence[str]:
    """A sentence each up to a limit, then how many more; by number: who asks may read no question."""
    names = [
        (_("demande d’aide du sprint %(n)s", n=sprint.number), project) for project, sprint in work.claims
    ]
    names += [(lower_first(numbered_name(row)), project) for project, row in work.decisions]
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

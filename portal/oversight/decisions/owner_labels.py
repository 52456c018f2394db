"""What waits again once a role ends or an account is closed, for the pages that ask before."""

from collections.abc import Sequence
from uuid import UUID

from portal.oversight.decisions.models import AwaitedDecision
from portal.oversight.decisions.owner_queries import (
    WorkThatWaitsAgain,
    read_work_without_account,
    read_work_without_role,
)
from portal.people.programmes.models import RoleAssignment, Scope
from portal.people.programmes.notice_labels import AccountLossSource, RoleLossSource
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.project.projects.models import Project

NAMED_MAX = 10


def _list_role_losses(scope: Scope, assignment: RoleAssignment) -> Sequence[str]:
    return _name_what_waits_again(read_work_without_role(scope, assignment))


def _list_account_losses(person_id: UUID) -> Sequence[str]:
    return _name_what_waits_again(read_work_without_account(person_id))


def _name_what_waits_again(work: WorkThatWaitsAgain) -> Sequence[str]:
    """A sentence each up to a limit, then how many more; by number: who asks may read no question."""
    sentences = [
        _(
            "Dans %(team)s, la demande d’aide du sprint %(n)s attendra de nouveau.",
            team=project.short_name,
            n=sprint.number,
        )
        for project, sprint in work.claims
    ]
    sentences += [_say_decision_waits_again(project, row) for project, row in work.decisions]
    more = len(sentences) - NAMED_MAX
    if more <= 0:
        return sentences
    others = ngettext("%(num)s autre attendra de même.", "%(num)s autres attendront de même.", more)
    return [*sentences[:NAMED_MAX], others]


def _say_decision_waits_again(project: Project, row: AwaitedDecision) -> str:
    values = {"team": project.short_name, "n": row.number}
    if row.asks_for_help:
        return _("Dans %(team)s, la demande d’aide %(n)s attendra de nouveau.", **values)
    return _("Dans %(team)s, la décision %(n)s attendra de nouveau.", **values)


LOSSES = (RoleLossSource(_list_role_losses), AccountLossSource(_list_account_losses))

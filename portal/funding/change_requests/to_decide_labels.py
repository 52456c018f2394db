"""Change requests on the page of what is to decide."""

from collections.abc import Sequence

from portal.funding.change_requests import labels, policy
from portal.funding.change_requests.queries import list_undecided_changes
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.kernel.text import ngettext
from portal.project.projects.path_rules import row_path
from portal.project.projects.to_decide_queries import WaitingKind
from portal.project.projects.to_decide_rules import WaitingLine, WaitingLineProject

CODE = "funding_changes"
PATIENCE = 60  # days: two months, after which silence is recalled


def list_lines(actor: Actor) -> Sequence[WaitingLine]:
    """Those that wait in the programmes that the actor handles, the oldest first."""
    lines = []
    for row, project in list_undecided_changes(actor):
        is_own = policy.can_decide_change(actor, project, row) and not policy.awaits_sponsor_confirmation(row)
        lines.append(
            WaitingLine(
                id=row.id,
                project=WaitingLineProject.of(project),
                path=row_path(project, row),
                title=labels.title(row),
                detail=_("à appliquer") if row.state.value == "granted" else "",
                since=clock.day_of(row.created_at),
                patience=PATIENCE,
                number=row.number,
                is_own=is_own,
                is_assigned=not is_own,
                whom="" if is_own else labels.awaited_role_title(row),
            )
        )
    return lines


WAITING = WaitingKind(
    code=CODE,
    title=lambda count: ngettext(
        "Demande de modification (%(num)s)", "Demandes de modification (%(num)s)", count
    ),
    short=_l("Demande"),
    list_lines=list_lines,
    rank=5,
)

"""Stale gates, on the page of what is to decide."""

from collections.abc import Sequence

from portal.oversight.gates.labels import causes, title
from portal.oversight.health.stale_gate_queries import list_stale
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.kernel.text import ngettext
from portal.project.projects.to_decide_queries import WaitingKind
from portal.project.projects.to_decide_rules import WaitingLine, WaitingProject


def list_lines(actor: Actor) -> Sequence[WaitingLine]:
    """Stale gates that the actor accepts, the oldest first."""
    return [
        WaitingLine(
            id=stale.project.id,
            project=WaitingProject.of(stale.project),
            path=f"/projects/{stale.project.slug}/gates/{stale.definition.number}",
            title=title(stale.definition),
            detail=causes(stale.causes),
            since=stale.since,
            is_own=True,
        )
        for stale in list_stale(actor)
    ]


WAITING = WaitingKind(
    code="stale",
    title=lambda count: ngettext("Jalon périmé (%(num)s)", "Jalons périmés (%(num)s)", count),
    short=_l("Jalon périmé"),
    list_lines=list_lines,
)

"""Requested gates, on the page of what is to decide."""

from collections.abc import Sequence

from portal.oversight.gates.labels import title
from portal.oversight.gates.policy import ACCEPTORS
from portal.oversight.gates.request_queries import list_open_requests
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.kernel.text import ngettext
from portal.project.projects.to_decide_queries import WAITING_MAX, WaitingKind
from portal.project.projects.to_decide_rules import WaitingLine, WaitingProject


def list_lines(actor: Actor) -> Sequence[WaitingLine]:
    """Requests of gates that the actor answers or follows as a lead, the oldest first."""
    return [
        WaitingLine(
            id=request.id,
            project=WaitingProject.of(request.project),
            path=f"/projects/{request.project.slug}/gates/{request.definition.number}",
            title=title(request.definition),
            detail=_("tout y est prouvé") if request.is_proved else _("il y manque des preuves"),
            since=clock.day_of(request.requested_at),
            is_own=request.is_own,
            whom=str(ACCEPTORS[request.definition.terms.acceptor]),
        )
        for request in list_open_requests(actor)[:WAITING_MAX]
    ]


WAITING = WaitingKind(
    code="gates",
    title=lambda count: ngettext("Jalon demandé (%(num)s)", "Jalons demandés (%(num)s)", count),
    short=_l("Jalon"),
    list_lines=list_lines,
)

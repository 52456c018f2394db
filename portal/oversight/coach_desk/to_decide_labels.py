"""Coaches who ask to hand their team over, on the page of what is to decide."""

from collections.abc import Sequence

from portal.coaching.coach_notes.queries import HandOverRequest, list_hand_over_requests
from portal.collaboration.search.markdown_rules import strip_markdown
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.kernel.text import ngettext
from portal.project.projects.to_decide_queries import WaitingKind
from portal.project.projects.to_decide_rules import PATIENCE, WaitingLine, shorten_detail

CODE = "hand_overs"
WHY_SHOWN = 240  # characters, about two lines


def list_lines(actor: Actor) -> Sequence[WaitingLine]:
    """Requests in the programmes that the actor leads, the oldest first."""
    return [_build_line(request) for request in list_hand_over_requests(actor)]


def _build_line(request: HandOverRequest) -> WaitingLine:
    """Who asks, to whom they would hand the team over, and why."""
    title = _("%(coach)s demande à passer la main", coach=request.author)
    if request.to:
        title = _("%(coach)s demande à passer la main à %(to)s", coach=request.author, to=request.to)
    return WaitingLine(
        id=request.id,
        project=request.project,
        path=f"/projects/{request.project.slug}/coach-notes?at={request.number}#note-{request.number}",
        title=title,
        detail=shorten_detail(strip_markdown(request.why), WHY_SHOWN),
        since=clock.day_of(request.requested_at),
        patience=PATIENCE,
        number=request.number,
    )


WAITING = WaitingKind(
    code=CODE,
    title=lambda count: ngettext("Passation demandée (%(num)s)", "Passations demandées (%(num)s)", count),
    short=_l("Passation"),
    list_lines=list_lines,
    rank=2,
    is_private=True,
)

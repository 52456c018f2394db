"""Help requests that nobody took, and for leads those that somebody has, on the page of what is to decide."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from portal.coaching.clinics.queries import (
    ClaimedRequest,
    UnclaimedRequest,
    list_claimed_requests,
    list_unclaimed_requests,
)
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.kernel.text import ngettext
from portal.project.projects.to_decide_queries import WaitingKind
from portal.project.projects.to_decide_rules import PATIENCE, WaitingLine
from portal.sprints.sprints.labels import BLOCKERS

CODE, CLAIMED = "clinics", "clinics_claimed"


def list_unclaimed_lines(actor: Actor) -> Sequence[WaitingLine]:
    """Unclaimed requests of the actor's teams, as coach or lead, the longest waiting first."""
    return [
        _build_request_line(request, request.requested_at, patience=PATIENCE)
        for request in list_unclaimed_requests(actor)
    ]


def _build_request_line(
    request: UnclaimedRequest | ClaimedRequest, moment: datetime, **more: Any
) -> WaitingLine:
    """The line of a request that waits since a moment."""
    sprint = _("sprint %(n)s", n=request.number)
    is_undated = isinstance(request, ClaimedRequest) and request.day is None
    return WaitingLine(
        id=request.sprint_id,
        project=request.project,
        path=f"/projects/{request.project.slug}/clinics/{request.number}",
        title=request.blocker_text or str(BLOCKERS[request.blocker]),
        detail=_("%(sprint)s, date à fixer", sprint=sprint) if is_undated else sprint,
        since=clock.day_of(moment),
        **more,
    )


WAITING = WaitingKind(
    code=CODE,
    title=lambda count: ngettext(
        "Demande d’aide sans coach (%(num)s)", "Demandes d’aide sans coach (%(num)s)", count
    ),
    short=_l("Aide"),
    list_lines=list_unclaimed_lines,
    rank=2,
)


def list_claimed_lines(actor: Actor) -> Sequence[WaitingLine]:
    """Open requests of the teams that the actor leads, each with who has it and since when; and those
    that the actor has, until their day is fixed and once it passed."""
    return [
        _build_request_line(
            request,
            request.taken_at,
            owner_id=request.taken_by_id,
            owner=request.taken_by,
            is_own=request.taken_by_id == actor.person_id,
            is_in_hand=request.taken_by_id != actor.person_id or request.is_to_come,
            due_on=request.day,
        )
        for request in list_claimed_requests(actor)
    ]


def name_next_act(line: WaitingLine) -> tuple[str, str]:
    """What whoever has a request does next, by the day of its line, and the page where it is done."""
    if line.due_on is None:
        return _("Fixer la date"), f"{line.path}/plan"
    return _("Elle a eu lieu"), f"{line.path}/hold"


FOLLOWED = WaitingKind(
    code=CLAIMED,
    title=lambda count: ngettext(
        "Demande d’aide confiée (%(num)s)", "Demandes d’aide confiées (%(num)s)", count
    ),
    short=_l("Aide confiée"),
    list_lines=list_claimed_lines,
    rank=2,
)

"""Help requests that nobody took, and for leads those that somebody has, on the page of what is to decide."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from portal.coaching.clinics.claim_queries import ClaimedRequest, list_claimed_requests
from portal.coaching.clinics.queries import UnclaimedRequest, list_unclaimed_requests
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import format_day, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
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
    request: UnclaimedRequest | ClaimedRequest, moment: datetime, state: str = "", **more: Any
) -> WaitingLine:
    """The line of a request that waits since a moment; `state` is what its clinic lacks, if it has one."""
    sprint = _("sprint %(n)s", n=request.number)
    return WaitingLine(
        id=request.sprint_id,
        project=request.project,
        path=_request_path(request),
        title=request.blocker_text or str(BLOCKERS[request.blocker]),
        detail=f"{sprint}, {state}" if state else sprint,
        since=clock.day_of(moment),
        **more,
    )


WAITING = WaitingKind(
    code=CODE,
    title=lambda count: ngettext(
        "Demande d’aide à prendre (%(num)s)", "Demandes d’aide à prendre (%(num)s)", count
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
            _describe_clinic_state(request),
            owner_id=request.taken_by_id,
            owner=request.taken_by,
            is_own=request.taken_by_id == actor.person_id,
            is_in_hand=request.taken_by_id != actor.person_id or request.is_to_come,
            due_on=None if request.held_on else request.planned_on,
            next_act=_name_next_act(request),
        )
        for request in list_claimed_requests(actor)
    ]


def _describe_clinic_state(request: ClaimedRequest) -> str:
    """That a clinic has no day yet, or that it was held; "" where its day is to come or passed."""
    if request.held_on is not None:
        return _("tenue le %(day)s", day=format_day(request.held_on))
    return _("date à fixer") if request.planned_on is None else ""


def _name_next_act(request: ClaimedRequest) -> tuple[str, str]:
    """What whoever has a request does next, and the page where it is done."""
    page = _request_path(request)
    if request.held_on is not None:
        return _("Clore"), f"{page}/close"
    if request.planned_on is None:
        return _("Fixer la date"), f"{page}/plan"
    return _("Elle a eu lieu"), f"{page}/hold"


def _request_path(request: UnclaimedRequest | ClaimedRequest) -> str:
    return f"/projects/{request.project.slug}/clinics/{request.number}"


FOLLOWED = WaitingKind(
    code=CLAIMED,
    title=lambda count: ngettext(
        "Demande d’aide confiée (%(num)s)", "Demandes d’aide confiées (%(num)s)", count
    ),
    short=_l("Aide confiée"),
    list_lines=list_claimed_lines,
    rank=2,
)

"""Answering a coach who asks to hand a team over, on the page of what is to decide."""

from collections.abc import Sequence
from urllib.parse import urlencode
from uuid import UUID

from portal.coaching.coach_notes import commands, policy, queries
from portal.coaching.coach_notes.queries import HandOverRequest, list_hand_over_requests
from portal.oversight.coach_desk.forms import HandOverRefusalForm
from portal.oversight.coach_desk.to_decide_labels import CODE
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import gettext as _
from portal.project.projects.to_decide_rules import WaitingLine
from portal.project.projects.to_decide_views import InPlaceAct, InPlaceActs, SubmittedAct

REFUSE = "refuse"


def offer_acts(actor: Actor, lines: Sequence[WaitingLine]) -> Sequence[Sequence[InPlaceAct]]:
    """The page that hands the team over, with the coach who is proposed; and a refusal."""
    requests = {request.id: request for request in list_hand_over_requests(actor)}
    assignments = queries.map_assignment_ids(list(requests.values()))
    return [
        _build_line_acts(request, assignments.get((request.project.id, request.author_id), ()))
        if (request := requests.get(line.id))
        else ()
        for line in lines
    ]


def _build_line_acts(request: HandOverRequest, assignment_ids: Sequence[UUID]) -> Sequence[InPlaceAct]:
    """A link for the first of the coach's roles in the project: the line stays until all are given."""
    query = {"request": str(request.id)} | ({"to": str(request.to_id)} if request.to_id else {})
    links = [
        InPlaceAct(
            label=_("Confier l’équipe…"),
            path=f"/projects/{request.project.slug}/hand-over/{assignment_id}?{urlencode(query)}",
            is_main=True,
        )
        for assignment_id in assignment_ids[:1]
    ]
    refusal = InPlaceAct(
        code=REFUSE,
        label=_("Ne pas accorder"),
        hidden=(),
        field="reason",
        field_label=_("Votre réponse, telle que le coach la lira"),
        is_folded=True,
    )
    return [*links, refusal]


def submit_act(actor: Actor, id_: UUID, act: str) -> SubmittedAct:
    """Raises `NotFound`, and `NotAllowed` to whoever does not assign coaches."""
    project, note = queries.get_request_note(actor, id_)
    require(policy.can_answer_hand_over(actor, project), commands.direction_only_message())
    if act != REFUSE:
        raise NotFound
    return SubmittedAct(
        form=HandOverRefusalForm(),
        command=lambda values: commands.refuse_hand_over(actor, project, note, values["reason"]),
        message=_("Réponse envoyée au coach."),
    )


ACTS = InPlaceActs(code=CODE, offer=offer_acts, submit=submit_act)

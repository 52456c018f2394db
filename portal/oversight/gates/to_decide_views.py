"""Accepting a requested gate, and reminding of it, on the page of what is to decide."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from portal.oversight.gates import reminder_commands, request_queries
from portal.oversight.gates.to_decide_labels import CODE
from portal.platform.kernel.access import Actor
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import gettext as _
from portal.platform.web.writes import ButtonForm
from portal.project.projects.to_decide_rules import WaitingLine
from portal.project.projects.to_decide_views import InPlaceAct, InPlaceActs, SubmittedAct

REMIND = "remind"


def offer_acts(_actor: Actor, lines: Sequence[WaitingLine]) -> Sequence[Sequence[InPlaceAct]]:
    """Accept or refuse one's own, on the page that shows the evidence; remind of the others; where nobody
    can accept it, name somebody."""
    return [_offer_acts_to_acceptor(line) if line.is_own else _offer_acts_to_lead(line) for line in lines]


def _offer_acts_to_acceptor(line: WaitingLine) -> Sequence[InPlaceAct]:
    """Without all its proofs a gate is not accepted: its page says what it lacks."""
    if line.is_ready:
        first = InPlaceAct(label=_("Accepter…"), path=f"{line.path}/accept", is_main=True)
    else:
        first = InPlaceAct(label=_("Voir ce qui manque"), path=line.path, is_main=True)
    return [first, InPlaceAct(label=_("Refuser…"), path=f"{line.path}/refuse")]


def _offer_acts_to_lead(line: WaitingLine) -> Sequence[InPlaceAct]:
    if line.is_assigned:
        return [InPlaceAct(code=REMIND, label=_("Relancer"))]
    return [InPlaceAct(label=line.next_act[0], path=line.next_act[1], is_main=True)] if line.next_act else []


def build_submitted_act(actor: Actor, id_: UUID, act: str) -> SubmittedAct:
    """Raises `NotFound`, and `NotAllowed` to all but the programme's leads."""
    project, request = request_queries.get_project_and_request(actor, id_)
    reminder_commands.require_can_see_all_requests(actor, project)
    if act != REMIND:
        raise NotFound

    def remind_acceptors(_values: dict[str, Any]) -> None:
        reminder_commands.remind_of_gate(actor, project, request)

    return SubmittedAct(form=ButtonForm(), command=remind_acceptors, message=_("Rappel envoyé."))


ACTS = InPlaceActs(code=CODE, offer=offer_acts, submit=build_submitted_act)

"""Links from silent coaches and stale gates, on the page of what is to decide, to where each is
settled."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from portal.oversight.health import policy
from portal.oversight.health.definition_rules import SignalCode
from portal.oversight.health.to_decide_labels import COACHES, COACHLESS, STALE
from portal.platform.kernel.access import Actor
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import gettext as _
from portal.project.projects.to_decide_rules import WaitingLine
from portal.project.projects.to_decide_views import InPlaceAct, InPlaceActs, SubmittedAct


def offer_acts_on_silent_coaches(
    _actor: Actor, lines: Sequence[WaitingLine], code: SignalCode = SignalCode.NO_CONTACT
) -> Sequence[Sequence[InPlaceAct]]:
    """Propose another coach, or say what is done about it."""
    charge = f"health/{code.value}/charge"
    return [
        [
            InPlaceAct(label=_("Proposer un coach…"), path=f"{line.path}#coach", is_main=True),
            InPlaceAct(label=_("Suivre…"), path=f"/projects/{line.project.slug}/{charge}"),
        ]
        for line in lines
    ]


def offer_acts_on_stale_gates(actor: Actor, lines: Sequence[WaitingLine]) -> Sequence[Sequence[InPlaceAct]]:
    """Look again at one's own, on the page that shows the evidence; coaches and leads say what is
    done about others."""
    charge = f"health/{SignalCode.GATE_STALE.value}/charge"
    look, lack = _("Regarder de nouveau…"), _("Voir ce qui manque")
    return [
        [InPlaceAct(label=look if line.is_ready else lack, path=line.path, is_main=True)]
        if line.is_own
        else [InPlaceAct(label=_("Suivre…"), path=f"/projects/{line.project.slug}/{charge}")]
        if policy.may_take_charge(actor, line.project)
        else []
        for line in lines
    ]


def refuse_submitted_act(_actor: Actor, _id: UUID, _act: str) -> SubmittedAct:
    """These acts have pages of their own. Raises `NotFound`."""
    raise NotFound


ACTS = (
    InPlaceActs(code=COACHES, offer=offer_acts_on_silent_coaches, submit=refuse_submitted_act),
    InPlaceActs(
        code=COACHLESS,
        offer=partial(offer_acts_on_silent_coaches, code=SignalCode.KEY_ROLE),
        submit=refuse_submitted_act,
    ),
    InPlaceActs(code=STALE, offer=offer_acts_on_stale_gates, submit=refuse_submitted_act),
)

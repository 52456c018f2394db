"""Links from what waits in calls to where it is done, on the page of what is to decide."""

from collections.abc import Sequence
from uuid import UUID

from portal.platform.kernel.access import Actor
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import gettext as _
from portal.project.projects.to_decide_rules import WaitingLine
from portal.project.projects.to_decide_views import InPlaceAct, InPlaceActs, SubmittedAct
from portal.selection.deliberation.to_decide_labels import CODE


def offer_acts(_actor: Actor, lines: Sequence[WaitingLine]) -> Sequence[Sequence[InPlaceAct]]:
    """A link to the page that shows it."""
    return [[InPlaceAct(label=_("Traiter…"), path=line.path, is_main=True)] for line in lines]


def refuse_every_act(_actor: Actor, _id: UUID, _act: str) -> SubmittedAct:
    """Nothing is done in place. Raises `NotFound`."""
    raise NotFound


ACTS = InPlaceActs(code=CODE, offer=offer_acts, submit=refuse_every_act)

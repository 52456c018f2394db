"""Writing the minutes of a session, on the page of what is to decide."""

from collections.abc import Sequence
from uuid import UUID

from portal.coaching.sessions.to_decide_labels import CODE
from portal.platform.kernel.access import Actor
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import gettext as _
from portal.project.projects.to_decide_rules import WaitingLine
from portal.project.projects.to_decide_views import InPlaceAct, InPlaceActs, SubmittedAct


def offer_acts(_actor: Actor, lines: Sequence[WaitingLine]) -> Sequence[Sequence[InPlaceAct]]:
    """A link to the form of each session."""
    label = _("Écrire le compte rendu")
    return [[InPlaceAct(label=label, path=f"{line.path}/edit", is_main=True)] for line in lines]


def _refuse_act(_actor: Actor, _id: UUID, _act: str) -> SubmittedAct:
    """Raises `NotFound`: the line offers a link alone."""
    raise NotFound


ACTS = InPlaceActs(code=CODE, offer=offer_acts, submit=_refuse_act)

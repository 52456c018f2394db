"""Confirming that a recommendation is done, on the page of what is to decide."""

from collections.abc import Sequence
from uuid import UUID

from portal.coaching.recommendations import commands, queries
from portal.coaching.recommendations.to_decide_labels import CODE
from portal.platform.kernel.access import Actor
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import gettext as _
from portal.platform.web.writes import ButtonForm
from portal.project.projects.to_decide_rules import WaitingLine
from portal.project.projects.to_decide_views import InPlaceAct, InPlaceActs, SubmittedAct
from portal.project.projects.work_commands import require_advisor

CONFIRM = "confirm"


def offer_acts(_actor: Actor, lines: Sequence[WaitingLine]) -> Sequence[Sequence[InPlaceAct]]:
    """Confirm it; say what is missing on a page of its own."""
    return [
        [
            InPlaceAct(code=CONFIRM, label=_("Confirmer"), is_main=True),
            InPlaceAct(label=_("Dire ce qui manque…"), path=f"{line.path}/send-back"),
        ]
        for line in lines
    ]


def build_submitted_act(actor: Actor, id_: UUID, act: str) -> SubmittedAct:
    """Raises `NotFound`, and `NotAllowed` to whoever does not advise the team."""
    project, row = queries.get_project_and_recommendation(actor, id_)
    require_advisor(actor, project)
    if act != CONFIRM:
        raise NotFound
    return SubmittedAct(
        form=ButtonForm(),
        command=lambda _values: commands.confirm(actor, project, row),
        message=_(
            "Recommandation confirmée\u00a0: «\u00a0%(what)s\u00a0»."
            " Sa page permet de l’annuler pendant une heure.",
            what=row.what,
        ),
    )


ACTS = InPlaceActs(code=CODE, offer=offer_acts, submit=build_submitted_act)

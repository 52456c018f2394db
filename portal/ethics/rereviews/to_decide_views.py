"""Confirming that a fact has no effect on a review, on the page of what is to decide."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from portal.ethics.rereviews import commands, policy, queries
from portal.ethics.rereviews.models import Trigger
from portal.ethics.rereviews.to_decide_labels import CODE
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import gettext as _
from portal.platform.web.writes import VersionedButtonForm
from portal.project.projects.to_decide_rules import WaitingLine
from portal.project.projects.to_decide_views import InPlaceAct, InPlaceActs, SubmittedAct

CONFIRM = "confirm"


def offer_acts(_actor: Actor, lines: Sequence[WaitingLine]) -> Sequence[Sequence[InPlaceAct]]:
    """Confirm it, or reject it on the page that shows the answer; of a possible harm, both there."""
    triggers = {trigger.id: trigger for trigger in queries.list_triggers_by_id([line.id for line in lines])}
    return [_list_line_acts(triggers[line.id], line.path) if line.id in triggers else [] for line in lines]


def _list_line_acts(trigger: Trigger, path: str) -> Sequence[InPlaceAct]:
    if trigger.is_about_harm:
        return [InPlaceAct(label=_("Lire et confirmer…"), path=path, is_main=True)]
    hidden = [("version", str(trigger.version))]
    return [
        InPlaceAct(code=CONFIRM, label=_("Confirmer"), hidden=hidden, is_main=True),
        InPlaceAct(label=_("Renvoyer…"), path=path),
    ]


def build_submitted_act(actor: Actor, id_: UUID, act: str) -> SubmittedAct:
    """Raises `NotFound`, and `NotAllowed` to whoever may not confirm."""
    project, trigger = queries.get_project_and_trigger(actor, id_)
    reviews = [concerned.review for concerned in queries.list_concerned_reviews(trigger)]
    require(policy.may_confirm(actor, project, reviews), commands.WHO_CONFIRMS)
    if act != CONFIRM:
        raise NotFound

    def confirm_trigger(values: dict[str, Any]) -> None:
        commands.confirm_no_impact(actor, project, trigger, values["version"])

    message = _("Confirmé : rien de ce qui a été décidé ne change.")
    return SubmittedAct(form=VersionedButtonForm(), command=confirm_trigger, message=message, stored=trigger)


ACTS = InPlaceActs(code=CODE, offer=offer_acts, submit=build_submitted_act)

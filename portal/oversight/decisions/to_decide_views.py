"""Answering a decision, and taking it, on the page of what is to decide."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from portal.oversight.decisions import commands, queries
from portal.oversight.decisions.forms import DecisionActionForm, DecisionAnswerForm
from portal.oversight.decisions.to_decide_labels import CODE
from portal.platform.kernel.access import Actor
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import gettext as _
from portal.project.projects.to_decide_rules import WaitingLine
from portal.project.projects.to_decide_views import PlaceActs, PlaceForm, SubmittedAct

ANSWER, TAKE = "answer", "take"


def offer(actor: Actor, lines: Sequence[WaitingLine]) -> Mapping[UUID, Sequence[PlaceForm]]:
    """An answer for each line, and a button to take what nobody has."""
    versions = queries.list_versions([line.id for line in lines])
    return {
        line.id: [_answer_form(versions[line.id]), *_take_forms(actor, line, versions[line.id])]
        for line in lines
        if line.id in versions
    }


def _answer_form(version: int) -> PlaceForm:
    form = DecisionAnswerForm(formdata=None, data={"version": version})
    return PlaceForm(
        act=ANSWER, label=_("Répondre"), form=form, button_field="outcome", summary=_("Répondre")
    )


def _take_forms(actor: Actor, line: WaitingLine, version: int) -> Sequence[PlaceForm]:
    if line.owner_id is not None and line.owner_id != actor.person_id:
        return []
    if line.is_own:
        return []
    form = DecisionActionForm(formdata=None, data={"version": version})
    return [PlaceForm(act=TAKE, label=_("M’en charger"), form=form)]


def submit(actor: Actor, id_: UUID, act: str) -> SubmittedAct:
    """Raises `NotFound`, and `NotAllowed` to whoever may not answer."""
    project, row = queries.get_awaited(actor, id_)
    commands.require_answerer(actor, project, row)
    if act == ANSWER:
        form = DecisionAnswerForm()

        def answer(values: dict[str, Any]) -> None:
            commands.answer_decision(actor, project, row, form.read_answer(), values["version"])

        return SubmittedAct(form=form, command=answer, message=_("Réponse envoyée à l’équipe."), stored=row)
    if act == TAKE:
        take_form = DecisionActionForm()
        version = take_form.take_version(row)

        def take(_values: dict[str, Any]) -> None:
            commands.assign_decision(actor, project, row, actor.person_id, version)

        return SubmittedAct(form=take_form, command=take, message=_("Vous vous en chargez."))
    raise NotFound


ACTS = PlaceActs(code=CODE, offer=offer, submit=submit)

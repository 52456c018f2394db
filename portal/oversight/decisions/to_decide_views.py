"""Answering a decision, taking it and giving it, on the page of what is to decide."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from portal.oversight.decisions import commands, help_commands, queries
from portal.oversight.decisions.answerer_queries import DecisionWithAnswerers, read_decisions_with_answerers
from portal.oversight.decisions.forms import AssignDecisionForm, DecisionAnswerForm, DecisionButtonForm
from portal.oversight.decisions.labels import HELP_OUTCOME_VERBS, LABELS, OUTCOME_VERBS, describe_context
from portal.oversight.decisions.page_views import list_person_options
from portal.oversight.decisions.to_decide_labels import CODE, HELP, HELP_TAKEN
from portal.platform.kernel.access import Actor
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import gettext as _
from portal.platform.web.writes import ButtonForm
from portal.project.projects.to_decide_rules import WaitingLine
from portal.project.projects.to_decide_views import InPlaceAct, InPlaceActs, SubmittedAct

PEOPLE_MAX = 12  # of a choice in place; more are on a page of their own
ANSWER, TAKE, ASSIGN, REMIND = "answer", "take", "assign", "remind"


def offer_acts(actor: Actor, lines: Sequence[WaitingLine]) -> Sequence[Sequence[InPlaceAct]]:
    """An answer for each line, a button to take what is not one's own, a choice to give it."""
    answerable = read_decisions_with_answerers([line.id for line in lines])
    return [
        _build_line_acts(actor, line, answerable[line.id]) if line.id in answerable else () for line in lines
    ]


def _build_line_acts(
    actor: Actor, line: WaitingLine, decision: DecisionWithAnswerers
) -> Sequence[InPlaceAct]:
    hidden = [("version", str(decision.version))]
    verbs = HELP_OUTCOME_VERBS if decision.is_help else OUTCOME_VERBS
    answer = InPlaceAct(
        code=ANSWER,
        label=_("Répondre"),
        hidden=[*hidden, ("question", line.title)],
        context=describe_context(decision.why, decision.gate),
        field="answer",
        field_label=_("Votre réponse, telle que l’équipe la lira"),
        buttons=[(outcome.value, str(label)) for outcome, label in verbs.items()],
        is_folded=True,
        is_main=True,
    )
    take = InPlaceAct(code=TAKE, label=_("M’en charger"), hidden=hidden)
    people = [(str(id_), name) for id_, name in decision.people if id_ != actor.person_id]
    give = InPlaceAct(
        code=ASSIGN,
        label=_("Confier"),
        hidden=hidden,
        field="person",
        field_label=str(LABELS["owner_id"]),
        options=people,
        is_folded=True,
    )
    if len(people) > PEOPLE_MAX:
        give = InPlaceAct(label=_("Confier…"), path=f"{line.path}/assign")
    remind = InPlaceAct(code=REMIND, label=_("Relancer"), hidden=hidden)
    is_own, is_free = line.owner_id == actor.person_id, line.owner_id is None
    return [
        answer,
        *([] if is_own else [take]),
        *([give] if people else []),
        *([] if is_own or is_free else [remind]),
    ]


def build_submitted_act(actor: Actor, id_: UUID, act: str) -> SubmittedAct:
    """Raises `NotFound`, and `NotAllowed` to whoever may not answer."""
    project, row = queries.get_project_and_decision_by_id(actor, id_)
    commands.require_answerer(actor, project, row)
    if act == ANSWER:
        form = DecisionAnswerForm(row)
        form.question.data = form.question.data or row.question

        def answer(values: dict[str, Any]) -> None:
            commands.answer_decision(actor, project, row, form.read_answer(), values["version"])

        message = _("Réponse envoyée à %(team)s.", team=project.short_name)
        return SubmittedAct(form=form, command=answer, message=message, stored=row)
    if act == REMIND:
        return SubmittedAct(
            form=ButtonForm(),
            command=lambda _values: help_commands.remind_owner(actor, project, row),
            message=_("Rappel envoyé."),
        )
    if act not in {TAKE, ASSIGN}:
        raise NotFound
    is_taken = act == TAKE
    owner_form = DecisionButtonForm() if is_taken else AssignDecisionForm(list_person_options(project, row))
    version = owner_form.read_then_refresh_version(row)

    def assign(values: dict[str, Any]) -> None:
        person_id = actor.person_id if is_taken else UUID(values["person"])
        commands.assign_decision(actor, project, row, person_id, version)

    message = (
        _("%(team)s\u00a0: vous vous en chargez.", team=project.short_name)
        if is_taken
        else _("Confiée\u00a0: la personne est prévenue.")
    )
    return SubmittedAct(form=owner_form, command=assign, message=message)


ACTS = InPlaceActs(code=CODE, offer=offer_acts, submit=build_submitted_act)
HELP_ACTS = InPlaceActs(code=HELP, offer=offer_acts, submit=build_submitted_act)
HELP_TAKEN_ACTS = InPlaceActs(code=HELP_TAKEN, offer=offer_acts, submit=build_submitted_act)

"""Labels and sentences of decisions."""

from datetime import date
from typing import Any

from portal.oversight.decisions.models import (
    AwaitedDecision,
    DecisionAddressee,
    DecisionOutcome,
    DecisionStage,
)
from portal.oversight.decisions.rules import count_days_late, first_line
from portal.platform.kernel import clock
from portal.platform.kernel.text import LazyString, format_day, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.template_filters import day
from portal.project.projects.to_decide_rules import shorten_detail

CONTEXT_SHOWN = 240  # characters, about two lines
ADDRESSEES: dict[DecisionAddressee, LazyString] = {
    DecisionAddressee.LEAD: _l("Direction de programme"),
    DecisionAddressee.OPERATOR: _l("Opérateur"),
    DecisionAddressee.COACH: _l("Coach"),
}
OUTCOMES: dict[DecisionOutcome, LazyString] = {
    DecisionOutcome.GRANTED: _l("Accordée"),
    DecisionOutcome.REFUSED: _l("Refusée"),
    DecisionOutcome.OTHERWISE: _l("Autre réponse"),
}
HELP_OUTCOMES: dict[DecisionOutcome, LazyString] = {
    DecisionOutcome.GRANTED: _l("Aide apportée"),
    DecisionOutcome.REFUSED: _l("Aide non apportée"),
    DecisionOutcome.OTHERWISE: OUTCOMES[DecisionOutcome.OTHERWISE],
}
# What whoever answers chooses from, in their own words.
HELP_ANSWERS = HELP_OUTCOMES | {DecisionOutcome.REFUSED: _l("Pas possible pour nous")}
STAGES: dict[DecisionStage, LazyString] = {
    DecisionStage.REQUESTED: _l("Attendue"),
    DecisionStage.ANSWERED: _l("Réponse donnée"),
    DecisionStage.WITHDRAWN: _l("Retirée"),
    DecisionStage.UNANSWERED: _l("Sans réponse"),
}
# The buttons that answer, as values and labels.
OUTCOME_VERBS: dict[DecisionOutcome, LazyString] = {
    DecisionOutcome.GRANTED: _l("Accorder"),
    DecisionOutcome.REFUSED: _l("Refuser"),
    DecisionOutcome.OTHERWISE: _l("Répondre autrement"),
}
HELP_OUTCOME_VERBS = HELP_ANSWERS | {DecisionOutcome.OTHERWISE: OUTCOME_VERBS[DecisionOutcome.OTHERWISE]}
OUTCOME_KINDS = {DecisionOutcome.GRANTED: "success", DecisionOutcome.REFUSED: "error"}
ACTION_LABELS: dict[str, LazyString] = {
    "decision.asked": _l("Décision demandée"),
    "decision.changed": _l("Demande modifiée"),
    "decision.withdrawn": _l("Demande retirée"),
    "decision.granted": _l("Décision accordée"),
    "decision.refused": _l("Décision refusée"),
    "decision.answered": _l("Réponse donnée à la décision"),
    "decision.assigned": _l("Décision confiée"),
    "decision.given_back": _l("Remise en attente"),
    "decision.reminded": _l("Rappel envoyé à qui s’en charge"),
    "decision.seen": _l("Réponse lue par l’équipe"),
}
HELP_ACTION_LABELS = ACTION_LABELS | {
    "decision.asked": _l("Aide demandée"),
    "decision.granted": HELP_OUTCOMES[DecisionOutcome.GRANTED],
    "decision.refused": HELP_OUTCOMES[DecisionOutcome.REFUSED],
    "decision.answered": _l("Réponse donnée"),
    "decision.assigned": _l("Demande d’aide confiée"),
}
LABELS: dict[str, LazyString] = {
    "question": _l("Ce qui est à décider"),
    "why": _l("Pourquoi"),
    "due_on": _l("Pour le"),
    "gate": _l("Jalon qui l’attend"),
    "sprint_id": _l("Sprint qui l’attend"),
    "addressee": _l("À qui"),
    "stage": _l("État"),
    "outcome": _l("Décision"),
    "answer": _l("Réponse"),
    "withdraw_reason": _l("Pourquoi elle n’est plus attendue"),
    "owner_id": _l("Qui s’en charge"),
}
HELP_LABELS = LABELS | {"question": _l("Ce qui est demandé"), "outcome": _l("L’aide demandée")}
_ENUMS: dict[str, Any] = {
    "stage": (DecisionStage, STAGES),
    "addressee": (DecisionAddressee, ADDRESSEES),
}


def numbered_name(row: AwaitedDecision) -> str:
    """What it is, with its number: a decision, or help asked by a question."""
    if row.asks_for_help:
        return _("Demande d’aide %(n)s", n=row.number)
    return _("Décision %(n)s", n=row.number)


def outcome_label(outcome: DecisionOutcome, *, is_help: bool) -> LazyString:
    """What was answered to a decision, or to a request for help."""
    return (HELP_OUTCOMES if is_help else OUTCOMES)[outcome]


def _put_after_outcome(row: AwaitedDecision, sentence: str) -> str:
    return f"{outcome_label(row.outcome, is_help=row.asks_for_help)}. {sentence}" if row.outcome else sentence


def badge(row: AwaitedDecision) -> tuple[LazyString, str | None]:
    """The state of a decision and the kind of its badge; the outcome once it is answered."""
    if row.outcome is not None:
        kind = OUTCOME_KINDS.get(row.outcome, "info")
        return outcome_label(row.outcome, is_help=row.asks_for_help), kind
    return STAGES[row.stage], "new" if row.is_open else None


def due_label(row: AwaitedDecision) -> str:
    """The due date and how late it is: « pour le 25 novembre, 3 jours de retard »."""
    if row.due_on is None:
        return _("sans date")
    text = _("pour le %(day)s", day=day(row.due_on))
    days = count_days_late(row.due_on, clock.today()) if row.is_open else 0
    if not days:
        return text
    late = ngettext("%(num)s jour de retard", "%(num)s jours de retard", days)
    return f"{text}, {late}"


def is_late(row: AwaitedDecision) -> bool:
    """Whether it still waits past its due date."""
    return row.is_open and count_days_late(row.due_on, clock.today()) > 0


def describe_next_step(row: AwaitedDecision, owner: str | None) -> str:
    """Whose turn it is, in a sentence."""
    if row.stage is DecisionStage.REQUESTED:
        if owner:
            return _("%(who)s s’en charge.", who=owner)
        return _("Personne ne s’en est encore chargé. À : %(who)s.", who=ADDRESSEES[row.addressee])
    if row.stage is DecisionStage.ANSWERED:
        return _("L’équipe a lu la réponse.") if row.seen_at else _("À l’équipe de la lire.")
    if row.stage is DecisionStage.WITHDRAWN:
        return _("L’équipe ne l’attend plus.")
    return _("Un sprint suivant s’est clos sans qu’elle ait reçu de réponse.")


def describe_change_meanwhile(row: AwaitedDecision) -> str:
    """What happened to a decision since its page was opened, with the text of the other side."""
    if row.stage is DecisionStage.ANSWERED:
        sentence = _("Une réponse a été donnée entre-temps : « %(text)s »", text=row.answer)
        return _put_after_outcome(row, sentence)
    if row.stage is DecisionStage.WITHDRAWN:
        reason = row.withdraw_reason or first_line(row.question)
        return _("L’équipe a retiré sa demande entre-temps : « %(text)s »", text=reason)
    return _("Cette décision n’est plus attendue.")


def explain_read_answer_is_final(row: AwaitedDecision) -> str:
    """Why an answer that the team has read no longer changes, with the answer."""
    sentence = _("L’équipe a lu la réponse, qui ne peut plus changer : « %(text)s »", text=row.answer)
    return _put_after_outcome(row, sentence)


def explain_unchangeable(row: AwaitedDecision) -> str:
    """Why the team can neither change nor withdraw a question that no longer waits."""
    if row.stage is DecisionStage.ANSWERED:
        return _("Cette demande a reçu une réponse : elle ne peut plus changer.")
    return _("Cette demande n’est plus attendue : elle ne peut plus changer.")


def gate_label(number: int) -> str:
    return _("Jalon G%(n)s", n=number)


def format_value(field: str, value: Any, *, is_help: bool = False) -> str:
    """A field's value from the audit trail."""
    if value in (None, ""):
        return "—"
    if field == "outcome":
        return str(outcome_label(DecisionOutcome(value), is_help=is_help))
    if field in _ENUMS:
        enum, names = _ENUMS[field]
        return str(names[enum(value)])
    if field == "gate":
        return f"G{value}"
    if field in ("sprint_id", "owner_id"):
        return _("précisé")
    return format_day(date.fromisoformat(value)) if field == "due_on" else str(value)


def describe_context(why: str, gate: int | None) -> str:
    """Why a team asks, in two lines, and which gate waits; "" where neither is known."""
    reason = shorten_detail(why, CONTEXT_SHOWN)
    blocked = _("Le jalon G%(n)s l’attend.", n=gate) if gate is not None else ""
    return " ".join(filter(None, (reason, blocked)))

"""What a recommendation and its stages are called, for whoever reads them."""

from datetime import date
from typing import Any

from flask_babel import format_date

from portal.kernel import clock
from portal.kernel.text import LazyString, ngettext
from portal.kernel.text import gettext as _
from portal.kernel.text import lazy_gettext as _l
from portal.recommendations.models import Recommendation, Stage
from portal.recommendations.queries import days_silent, is_late, step_of
from portal.web.show import ago, day

STAGES: dict[Stage, LazyString] = {
    Stage.PROPOSED: _l("Proposée"),
    Stage.ACCEPTED: _l("Acceptée"),
    Stage.DECLINED: _l("Déclinée"),
    Stage.DONE: _l("Faite, à confirmer"),
    Stage.CONFIRMED: _l("Confirmée"),
}
STAGE_KINDS: dict[Stage, str | None] = {
    Stage.PROPOSED: "new",
    Stage.ACCEPTED: "info",
    Stage.DONE: "info",
    Stage.CONFIRMED: "success",
}
DEEDS: dict[str, LazyString] = {
    "recommendation.proposed": _l("Recommandation proposée"),
    "recommendation.changed": _l("Recommandation modifiée"),
    "recommendation.accepted": _l("Recommandation acceptée"),
    "recommendation.declined": _l("Recommandation déclinée"),
    "recommendation.done": _l("Recommandation faite"),
    "recommendation.sent_back": _l("Preuve jugée insuffisante"),
    "recommendation.confirmed": _l("Recommandation confirmée"),
}
LABELS: dict[str, LazyString] = {
    "what": _l("Ce qui est recommandé"),
    "why": _l("Pourquoi"),
    "due_on": _l("Échéance"),
    "gate": _l("Jalon servi"),
    "stage": _l("État"),
    "decline_reason": _l("Pourquoi elle est déclinée"),
    "proof": _l("Ce qui le montre"),
    "proof_link": _l("Lien de la preuve"),
    "sent_back": _l("Ce qui manque encore"),
}


def gate(number: int) -> str:
    return _("Jalon G%(n)s", n=number)


def tell(field: str, kept: Any) -> str:
    """A field's value as the trail keeps it."""
    if kept in (None, ""):
        return "—"
    if field == "stage":
        return str(STAGES[Stage(kept)])
    if field == "gate":
        return f"G{kept}"
    return str(format_date(date.fromisoformat(kept), "long")) if field == "due_on" else str(kept)


def due(row: Recommendation) -> str:
    if row.due_on is None:
        return _("sans échéance")
    return _("pour le %(day)s", day=day(row.due_on))


def silence(row: Recommendation) -> str:
    """How long the team has said nothing, from the first step on; else nothing."""
    days = days_silent(row, clock.today())
    if not step_of(days):
        return ""
    return ngettext("sans réponse depuis %(num)s jour", "sans réponse depuis %(num)s jours", days)


def silence_kind(row: Recommendation) -> str | None:
    """The longer it lasts, the more it stands out."""
    step = step_of(days_silent(row, clock.today()))
    return {7: "info", 14: "warning", 21: "error"}.get(step)


def late(row: Recommendation) -> bool:
    return is_late(row, clock.today())


def what_now(row: Recommendation) -> str:
    """What it asks for, and of whom."""
    if row.stage is Stage.PROPOSED:
        said = silence(row)
        asked = _("L’équipe l’accepte, ou la décline en disant pourquoi.")
        return (
            _("%(asked)s %(silence)s.", asked=asked, silence=said.capitalize()) if said else asked
        )
    if row.stage is Stage.ACCEPTED and row.sent_back:
        return _("Ce que l’équipe a montré ne suffit pas encore : lisez ce qui manque.")
    return {
        Stage.ACCEPTED: _("L’équipe la fait, puis montre ce qui le prouve."),
        Stage.DECLINED: _("L’équipe ne la suivra pas ; elle peut encore changer d’avis."),
        Stage.DONE: _("Un coach regarde la preuve, puis confirme ou dit ce qui manque."),
        Stage.CONFIRMED: _("Faite, prouvée et confirmée : il n’y a plus rien à faire."),
    }[row.stage]


def since(row: Recommendation) -> str:
    return _("proposée %(when)s", when=ago(row.created_at))

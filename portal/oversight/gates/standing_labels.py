"""What a gate waits for, in a sentence."""

from portal.oversight.gates.state_rules import GateState
from portal.platform.kernel import clock
from portal.platform.kernel.text import format_day, ngettext
from portal.platform.kernel.text import gettext as _


def what_now(state: GateState, leads: str = "") -> str:
    """Return what a gate waits for; `leads` are the names of who may ask for it, "" for nobody yet."""
    if state.waiver is not None:
        return _("Le projet en est dispensé, et ses chiffres n’en tiennent pas compte.")
    if state.is_accepted:
        return _("Il est accepté, et tient toujours.")
    if state.is_refused and state.answer is not None:
        return _refusal(state.answer.reason, is_requested=state.is_requested)
    if missing := len(state.evaluation.missing) if state.evaluation else 0:
        return _lack(missing, was_accepted=state.was_accepted)
    is_requested = state.is_requested
    asked = _("Tout est prouvé, et l’équipe le demande : il attend une réponse.") if is_requested else ""
    return asked or ask_sentence(leads)


def _lack(missing: int, *, was_accepted: bool) -> str:
    if was_accepted:
        return _("Il avait été accepté ; il est à prouver et à accepter de nouveau.")
    return ngettext("%(num)s preuve manque encore.", "%(num)s preuves manquent encore.", missing)


def ask_sentence(leads: str) -> str:
    """Return whose turn it is once everything is proved."""
    if not leads:
        return _("Tout est prouvé : au porteur de l’équipe de le demander.")
    return _("Tout est prouvé : à %(names)s de le demander.", names=leads)


def dated_refusal(state: GateState) -> str:
    """Return when a gate was last answered, and why it was refused; "" before any answer."""
    if state.answer is None:
        return ""
    refused_on = format_day(clock.day_of(state.answer.at))
    return _("Refusé le %(day)s : %(why)s", day=refused_on, why=state.answer.reason)


def _refusal(why: str, *, is_requested: bool) -> str:
    if is_requested:
        return _("Refusé, puis demandé de nouveau sur les mêmes preuves : %(why)s", why=why)
    return _("Il a été refusé : %(why)s", why=why)

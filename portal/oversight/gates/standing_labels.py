"""What a gate waits for, in a sentence."""

from collections.abc import Mapping, Sequence

from portal.oversight.gates.predicate_labels import TASKS, TURNS
from portal.oversight.gates.state_rules import GateSnapshot
from portal.oversight.gates.turn_rules import PROVER_TURNS, GateTurn, list_turns
from portal.platform.kernel import clock
from portal.platform.kernel.text import format_day, ngettext
from portal.platform.kernel.text import gettext as _


def name_askers(leads: str, *, is_reader: bool) -> str:
    """Return who may ask for a gate, in words: a reader who may is addressed."""
    return _("vous") if is_reader else leads


def describe_next_step(state: GateSnapshot, askers: str = "") -> str:
    """Return what a gate waits for; `askers` says who may ask for it, "" for nobody yet."""
    if state.waiver is not None:
        return _("Le projet en est dispensé, et ses chiffres n’en tiennent pas compte.")
    if state.is_accepted:
        return _("Il est accepté, et tient toujours.")
    if state.is_refused and state.answer is not None:
        return _describe_refusal(state.answer.reason, is_requested=state.is_requested)
    if state.stale:
        return _describe_stale_acceptance(state)
    if missing := len(state.evaluation.missing) if state.evaluation else 0:
        return _describe_missing_proof_count(missing)
    awaits_answer = _("Tout est prouvé, et l’équipe le demande : il attend une réponse.")
    return awaits_answer if state.is_requested else describe_turn_once_proved(askers)


def describe_turns(turns_by_gate: Mapping[int, Sequence[GateTurn]]) -> str:
    """Return whose turn it is before gates can be accepted again, a sentence each; it is their
    acceptors' where no turn is given."""
    sentences = [
        str(task) % {"gates": _join_gate_names(gates)}
        for turn, task in TASKS.items()
        if (gates := [gate for gate, turns in turns_by_gate.items() if turn in turns])
    ]
    if ready := [gate for gate, turns in turns_by_gate.items() if not turns]:
        sentences.append(_("À qui accepte %(gates)s : regarder de nouveau.", gates=_join_gate_names(ready)))
    return " ".join(sentences)


def describe_missing_proof_turns(gate: int, turns: Sequence[GateTurn], missing: int) -> str:
    """Return whose turn it is to give the `missing` proofs of a gate that was never accepted; their
    number where they are all the team's. The turns of what would make an acceptance stale come later."""
    turns = [turn for turn in turns if turn in PROVER_TURNS]
    if set(turns) <= {GateTurn.TEAM}:
        return ngettext(
            "À l’équipe : apporter la preuve qui manque à G%(gate)s.",
            "À l’équipe : apporter les %(num)s preuves qui manquent à G%(gate)s.",
            missing,
            gate=gate,
        )
    others = [turn for turn in turns if turn is not GateTurn.TEAM]
    sentences = [describe_turns({gate: others})]
    if GateTurn.TEAM in turns:
        sentences.insert(0, _("À l’équipe : apporter ce qui manque encore à G%(gate)s.", gate=gate))
    return " ".join(sentences)


def describe_first_turn(turns: Sequence[GateTurn]) -> str:
    """Return whose turn comes first, in few words; "" without any."""
    return str(TURNS[turns[0]]).rstrip(".") if turns else ""


def _join_gate_names(gates: Sequence[int]) -> str:
    return ", ".join(f"G{gate}" for gate in gates)


def describe_remaining_turns(state: GateSnapshot) -> str:
    """Return whose turn comes before an acceptance of a gate would hold; "" where nothing else waits."""
    turns = list_turns(state.definition, state.evaluation, clock.today())
    return describe_turns({state.definition.number: turns}) if turns else ""


def _describe_missing_proof_count(missing: int) -> str:
    return ngettext("%(num)s preuve manque encore.", "%(num)s preuves manquent encore.", missing)


def describe_turn_once_proved(askers: str) -> str:
    """Return whose turn it is once everything is proved: of those whom `name_askers` names."""
    if not askers:
        return _("Tout est prouvé : au porteur de l’équipe de le demander.")
    return _("Tout est prouvé : à %(names)s de le demander.", names=askers)


def _describe_stale_acceptance(state: GateSnapshot) -> str:
    turns = list_turns(state.definition, state.evaluation, clock.today())
    whose = describe_turns({state.definition.number: turns})
    return _("Il avait été accepté, et il est périmé. %(whose)s", whose=whose)


def dated_refusal(state: GateSnapshot) -> str:
    """Return when a gate was last answered, and why it was refused; "" before any answer."""
    if state.answer is None:
        return ""
    refused_on = format_day(clock.day_of(state.answer.at))
    return _("Refusé le %(day)s : %(why)s", day=refused_on, why=state.answer.reason)


def _describe_refusal(why: str, *, is_requested: bool) -> str:
    if is_requested:
        return _("Refusé, puis demandé de nouveau sur les mêmes preuves : %(why)s", why=why)
    return _("Il a été refusé : %(why)s", why=why)

"""What would turn a signal green: a sentence that names who must do what."""

from collections.abc import Callable, Mapping, Sequence

from portal.oversight.gates.forecast_rules import order_gates
from portal.oversight.gates.standing_labels import describe_missing_proof_turns, describe_turns
from portal.oversight.health.definition_rules import SignalCode
from portal.oversight.health.signal_rules import Signal
from portal.oversight.health.state_rules import HealthSnapshot
from portal.oversight.health.team_labels import join_vacant_roles
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.platform.web.template_filters import day


def remedy(signal: Signal, state: HealthSnapshot) -> str:
    """Return whose turn it is and what they must do, for a signal that is raised."""
    return _REMEDIES[signal.code](signal, state)


def list_remedies(state: HealthSnapshot) -> Sequence[str]:
    """Return what would turn a team green, each thing once: the proofs of its data are left out where the
    remedy of lateness names them."""
    codes = {signal.code for signal in state.reasons}
    data, open_gate = state.facts.step("data"), find_gate_to_pass(state)
    is_named = SignalCode.GATE_SLIP in codes and data is not None and data.number == open_gate
    is_said_twice = is_named and data is not None and not (data.is_asked or data.is_proved)
    sentences = [
        remedy(signal, state)
        for signal in state.reasons
        if not (is_said_twice and signal.code is SignalCode.DATA_ACCESS)
    ]
    return list(dict.fromkeys(sentences))


def describe_charge(signal: Signal, state: HealthSnapshot) -> str:
    """Return who is in charge of a signal, until when and what they do; "" without anybody."""
    in_force = state.charge_of(signal)
    if in_force is None:
        return ""
    return _(
        "Suivi par %(who)s jusqu’au %(until)s : %(what)s",
        who=in_force.who,
        until=day(in_force.until),
        what=in_force.text,
    )


def describe_carer(signal: Signal, state: HealthSnapshot) -> str:
    """Return who is in charge of a signal and until when; "" without anybody."""
    in_force = state.charge_of(signal)
    if in_force is None:
        return ""
    return _("Suivi par %(who)s jusqu’au %(until)s.", who=in_force.who, until=day(in_force.until))


def find_gate_to_pass(state: HealthSnapshot) -> int | None:
    """The number of the first gate still to pass, which the remedy of a lateness names; None once all are."""
    gates = order_gates(state.facts.planned_gates)
    return next((gate.number for gate in gates if gate.passed_on is None), None)


def _gate_slip_remedy(_signal: Signal, state: HealthSnapshot) -> str:
    first = find_gate_to_pass(state)
    if first is None:
        return _("À l’équipe : franchir les jalons qui restent.")
    step = next(step for step in state.facts.steps if step.number == first)
    if step.is_asked:
        return _("À qui accepte le jalon G%(gate)s : répondre à l’équipe.", gate=first)
    if step.is_proved:
        return _("À l’équipe : demander le jalon G%(gate)s, prouvé.", gate=first)
    if step.turns is None:  # stored by an earlier release
        return ngettext(
            "Il manque une preuve à G%(gate)s.",
            "Il manque %(num)s preuves à G%(gate)s.",
            step.lacking,
            gate=first,
        )
    return describe_missing_proof_turns(first, step.list_turns_on(state.day), step.lacking)


def _stale_gates_remedy(_signal: Signal, state: HealthSnapshot) -> str:
    """Whose turn comes before the acceptances hold again; the acceptor's where nobody else's does."""
    stale_steps = [step for step in state.facts.steps if step.is_stale(state.day) and not step.is_waived]
    return describe_turns({step.number: step.list_turns_on(state.day) for step in stale_steps})


def _findings_remedy(signal: Signal, _state: HealthSnapshot) -> str:
    return ngettext(
        "À l’équipe : corriger et retester ce constat, ou qu’une personne l’accepte en son nom.",
        "À l’équipe : corriger et retester ces %(num)s constats, ou qu’une personne les accepte en son nom.",
        signal.parameters.get("n", 0),
    )


def _vacant_roles_remedy(signal: Signal, state: HealthSnapshot) -> str:
    return _("À la direction et au porteur : nommer %(names)s.", names=join_vacant_roles(signal, state))


_REMEDIES: Mapping[SignalCode, Callable[[Signal, HealthSnapshot], str]] = {
    SignalCode.DATA_ACCESS: lambda signal, _state: ngettext(
        "À l’équipe : apporter cette preuve.",
        "À l’équipe : apporter ces %(num)s preuves.",
        signal.parameters.get("n", 0),
    ),
    SignalCode.GATE_SLIP: _gate_slip_remedy,
    SignalCode.HIGH_RISK: lambda signal, _state: ngettext(
        "À l’équipe : donner à ce risque une mesure, avec un responsable et une date.",
        "À l’équipe : donner à chacun de ces %(num)s risques une mesure, avec un responsable et une date.",
        signal.parameters.get("n", 0),
    ),
    SignalCode.FINDINGS: _findings_remedy,
    SignalCode.GATE_STALE: _stale_gates_remedy,
    SignalCode.USER_SESSION: lambda _signal, _state: _(
        "À l’équipe : tenir une séance avec un utilisateur visé, et la noter."
    ),
    SignalCode.GOALS_MISSED: lambda _signal, _state: _(
        "À l’équipe : clore un sprint dont le but est atteint, au moins en partie."
    ),
    SignalCode.NO_SPRINT: lambda _signal, state: (
        _("À l’équipe : clore son sprint.")
        if state.facts.work.running
        else _("À l’équipe : commencer un sprint, puis le clore.")
    ),
    SignalCode.NO_CONTACT: lambda _signal, _state: _(
        "Au coach du volet : tenir une séance avec l’équipe, et la noter."
    ),
    SignalCode.ADVICE: lambda signal, _state: ngettext(
        "À l’équipe : répondre à cette recommandation.",
        "À l’équipe : répondre à ces %(num)s recommandations.",
        signal.parameters.get("n", 0),
    ),
    SignalCode.KEY_ROLE: _vacant_roles_remedy,
}

"""Decide about a gate: declare, withdraw, accept, refuse, waive, restore."""

from typing import Any

from portal.oversight.gates import definition_queries, policy, queries
from portal.oversight.gates.acceptor_queries import (
    explain_premature_acceptance,
    is_acceptor,
    list_acceptor_names_by_gate,
)
from portal.oversight.gates.definition_rules import GateDefinition, GateVerb
from portal.oversight.gates.models import GateDecision, GateEvaluation
from portal.oversight.gates.predicate_rules import GateResult, evaluation_from_plain
from portal.oversight.gates.projections import gate_path, judge_gates_of_locked_project, lock_project_gates
from portal.oversight.gates.state_rules import GateSnapshot
from portal.platform.kernel import audit
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import db, flush_session
from portal.platform.kernel.errors import Overtaken, RuleBroken, TooLate
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.kernel.text import ngettext
from portal.project.projects.models import Project
from portal.project.projects.work_commands import require_project_active

DECLARED = audit.Action("gate.declared", _l("a déclaré le jalon G%(number)s franchi et le demande"))
WITHDRAWN = audit.Action("gate.withdrawn", _l("a retiré sa demande du jalon G%(number)s"))
ACCEPTED = audit.Action("gate.accepted", _l("a accepté le jalon G%(number)s"))
REFUSED = audit.Action("gate.refused", _l("a refusé le jalon G%(number)s"))
WAIVED = audit.Action("gate.waived", _l("a dispensé le projet du jalon G%(number)s"))
RESTORED = audit.Action("gate.restored", _l("a rétabli le jalon G%(number)s"))

_ACTIONS = dict(zip(GateVerb, (DECLARED, WITHDRAWN, ACCEPTED, REFUSED, WAIVED, RESTORED), strict=True))


def declare_gate(actor: Actor, project: Project, gate: int) -> None:
    """Declare that the team has passed a gate, proved or not, and request its acceptance. Raises
    `RuleBroken` if it is requested already or waived; `NotAllowed`, `TooLate`."""
    state, latest = _lock_declarable_gate(actor, project, gate)
    if state.waiver is not None:
        raise RuleBroken(None, _("Ce jalon ne s’applique pas au projet : il n’y a rien à demander."))
    if state.declared is not None and (state.is_requested or state.is_accepted):
        raise RuleBroken(None, _("Ce jalon est déjà demandé."))
    _record_decision(actor, project, latest, GateVerb.DECLARED)


def withdraw_declaration(actor: Actor, project: Project, gate: int) -> None:
    """Withdraw the declaration. Raises `RuleBroken` without one; `NotAllowed`, `TooLate`."""
    state, latest = _lock_declarable_gate(actor, project, gate)
    if state.declared is None:
        raise RuleBroken(None, _("Ce jalon n’est pas demandé."))
    _record_decision(actor, project, latest, GateVerb.WITHDRAWN)


def accept_gate(
    actor: Actor,
    project: Project,
    gate: int,
    fingerprint: str,
    note: str = "",
    *,
    answered: str | None = None,
) -> GateDecision:
    """Accept a gate on the evaluation whose `fingerprint` the acceptor read; return the decision.

    `answered` is the moment of the last answer that the acceptor knew of (`GateSnapshot.answered`),
    None not to compare. Raises `RuleBroken` while a predicate is not met, while the acceptance would be
    stale at once, or if the evidence has changed since; `Overtaken` if the gate was refused since;
    `NotAllowed` to all but the acceptor,
    `TooLate` once the project is over.
    """
    state, latest = _lock_answerable_gate(actor, project, gate)
    if state.is_refused and state.answer and answered not in (None, state.answered):
        sentence = _(
            "Ce jalon vient d’être refusé : « %(why)s ». Rien n’a été changé. Relisez les preuves, puis"
            " acceptez-le si vous le voulez toujours.",
            why=state.answer.reason,
        )
        raise Overtaken(sentence, gate_path(project, gate))
    evaluation = state.evaluation
    if evaluation is None or evaluation.fingerprint != fingerprint:
        raise RuleBroken(None, _describe_changed_evidence(evaluation))
    if not evaluation.is_proved:
        raise RuleBroken(None, _describe_missing_proof_count(evaluation))
    if sentence := explain_premature_acceptance(project, state):
        raise RuleBroken(None, sentence)
    if state.is_accepted:
        raise RuleBroken(None, _("Ce jalon est déjà accepté, sur ces preuves."))
    return _record_decision(actor, project, latest, GateVerb.ACCEPTED, note)


def is_acceptable(project: Project, state: GateSnapshot, evaluation: GateResult) -> bool:
    """Whether a gate has all its proofs, and an acceptance would not be stale at once."""
    return evaluation.is_proved and not explain_premature_acceptance(project, state)


def require_acceptable(project: Project, state: GateSnapshot, evaluation: GateResult) -> None:
    """Raise `TooLate` while a predicate of the gate is not met, or while an acceptance would be stale
    at once: there is nothing to accept."""
    if not evaluation.is_proved:
        raise TooLate(_describe_missing_proof_count(evaluation), gate_path(project, evaluation.gate))
    if sentence := explain_premature_acceptance(project, state):
        raise TooLate(sentence, gate_path(project, evaluation.gate))


def _describe_changed_evidence(evaluation: GateResult | None) -> str:
    sentence = _("Les preuves ont changé depuis que vous les avez lues : relisez-les.")
    if evaluation is None or evaluation.is_proved:
        return sentence
    return f"{sentence} {_describe_missing_proof_count(evaluation)}"


def _describe_missing_proof_count(evaluation: GateResult) -> str:
    return ngettext(
        "Il manque encore %(num)s preuve à ce jalon.",
        "Il manque encore %(num)s preuves à ce jalon.",
        len(evaluation.missing),
    )


def refuse_gate(
    actor: Actor, project: Project, gate: int, reason: str, *, answered: str | None = None
) -> GateDecision:
    """Refuse a declared gate, or revoke its acceptance. `answered` as for `accept_gate`. Raises `RuleBroken`
    if it is neither, `Overtaken` if it was accepted since."""
    state, latest = _lock_answerable_gate(actor, project, gate)
    if state.was_accepted and answered not in (None, state.answered):
        sentence = _(
            "Ce jalon vient d’être accepté. Rien n’a été changé. Relisez-le, puis refusez-le si vous le"
            " voulez toujours."
        )
        raise Overtaken(sentence, gate_path(project, gate))
    if state.declared is None and not state.was_accepted:
        raise RuleBroken(None, _("L’équipe n’a pas demandé ce jalon : il n’y a rien à refuser."))
    return _record_decision(actor, project, latest, GateVerb.REFUSED, reason)


def waive_gate(actor: Actor, project: Project, gate: int, reason: str) -> GateDecision:
    """Exempt the project from a gate, which leaves its totals. Raises `RuleBroken` if it is."""
    state, latest = _lock_waivable_gate(actor, project, gate)
    if state.waiver is not None:
        raise RuleBroken(None, _("Le projet est déjà dispensé de ce jalon."))
    return _record_decision(actor, project, latest, GateVerb.WAIVED, reason)


def restore_gate(actor: Actor, project: Project, gate: int, reason: str) -> GateDecision:
    """Revoke a waiver. Raises `RuleBroken` where there is none."""
    state, latest = _lock_waivable_gate(actor, project, gate)
    if state.waiver is None:
        raise RuleBroken(None, _("Le projet n’est pas dispensé de ce jalon."))
    return _record_decision(actor, project, latest, GateVerb.RESTORED, reason)


def require_team_lead(actor: Actor, project: Project) -> None:
    """Raises `NotAllowed` to whoever does not lead the team, in any state of the project."""
    sentence = _("Seul le porteur demande un jalon. Rien n’a été changé.")
    require(policy.may_declare(actor, project), sentence)


def require_acceptor(actor: Actor, project: Project, definition: GateDefinition) -> None:
    """Raises `NotAllowed` to all but the gate's acceptors, whom it names, in any state of the
    project."""
    if is_acceptor(actor, project, definition):
        return
    names = list_acceptor_names_by_gate([project])[project.id].get(definition.number, ())
    who = ", ".join(names) or policy.ACCEPTORS[definition.terms.acceptor]
    require(False, _("Ce jalon est accepté par : %(who)s. Rien n’a été changé.", who=who))


def require_can_waive_gates(actor: Actor, project: Project) -> None:
    """Raises `NotAllowed` to whoever may not waive gates, in any state of the project."""
    sentence = _("Seule la direction du programme le décide. Rien n’a été changé.")
    require(policy.can_waive(actor, project), sentence)


def require_not_over(project: Project) -> None:
    """Raises `TooLate` once the project is stopped or finished."""
    if policy.are_gates_frozen(project):
        sentence = _("Ce projet est terminé : ses jalons restent comme ils étaient ce jour-là.")
        raise TooLate(sentence, f"/projects/{project.slug}/gates")


def _lock_declarable_gate(actor: Actor, project: Project, gate: int) -> tuple[GateSnapshot, GateEvaluation]:
    require_team_lead(actor, project)
    require_project_active(project)
    require(policy.can_declare(actor, project))
    return _lock_and_evaluate_gate(
        project, definition_queries.get_definition_unless_left_out(project.programme_id, gate)
    )


def _lock_answerable_gate(actor: Actor, project: Project, gate: int) -> tuple[GateSnapshot, GateEvaluation]:
    definition = definition_queries.get_definition_unless_left_out(project.programme_id, gate)
    require_acceptor(actor, project, definition)
    require_not_over(project)
    return _lock_and_evaluate_gate(project, definition)


def _lock_waivable_gate(actor: Actor, project: Project, gate: int) -> tuple[GateSnapshot, GateEvaluation]:
    require_can_waive_gates(actor, project)
    require_not_over(project)
    return _lock_and_evaluate_gate(
        project, definition_queries.get_definition_unless_left_out(project.programme_id, gate)
    )


def _lock_and_evaluate_gate(
    project: Project, definition: GateDefinition
) -> tuple[GateSnapshot, GateEvaluation]:
    """The gate's state and stored evaluation, evaluated now; locks the project's gates."""
    lock_project_gates(project)
    judge_gates_of_locked_project(project, [definition], None)
    flush_session()
    latest = queries.read_last_evaluation_rows_by_gate(project)[definition.number]
    return queries.read_state(project, definition, evaluation_from_plain(latest.payload)), latest


def _record_decision(
    actor: Actor, project: Project, latest: GateEvaluation, verb: GateVerb, reason: str = ""
) -> GateDecision:
    """Append a decision on the gate's last evaluation."""
    row = GateDecision(
        project_id=project.id,
        gate=latest.gate,
        verb=verb,
        reason=reason,
        decided_by_id=actor.person_id,
        evaluation_id=latest.id,
        fingerprint=latest.fingerprint,
    )
    db.session.add(row)
    facts: dict[str, Any] = {
        "number": latest.gate,
        "fingerprint": latest.fingerprint,
        "path": gate_path(project, latest.gate),
    }
    if verb in {GateVerb.DECLARED, GateVerb.REFUSED} and not latest.is_proved:
        facts["missing"] = queries.read_missing_facts(project, latest)
    changes = {"reason": ("", reason)} if reason else {}
    audit.record(actor, _ACTIONS[verb], row, scope_id=project.id, facts=facts, changes=changes)
    return row

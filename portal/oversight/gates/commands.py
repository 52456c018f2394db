"""Declaring a gate, accepting or refusing it, waiving it. Policy first, then the rules."""

from typing import Any

from portal.oversight.gates import policy, queries
from portal.oversight.gates.definition_rules import GateDefinition, GateVerb
from portal.oversight.gates.models import GateDecision
from portal.oversight.gates.projections import judge_gates, lock_project_gates, path_of
from portal.oversight.gates.state_rules import GateState
from portal.platform.kernel import audit
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import db, flush_session
from portal.platform.kernel.errors import RuleBroken, TooLate
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.kernel.text import ngettext
from portal.project.projects.models import Project
from portal.project.projects.work_commands import require_under_way

DECLARED = audit.Action("gate.declared", _l("a déclaré le jalon G%(number)s franchi et le demande"))
WITHDRAWN = audit.Action("gate.withdrawn", _l("a retiré sa demande du jalon G%(number)s"))
ACCEPTED = audit.Action("gate.accepted", _l("a accepté le jalon G%(number)s"))
REFUSED = audit.Action("gate.refused", _l("n’a pas accepté le jalon G%(number)s"))
WAIVED = audit.Action("gate.waived", _l("a dispensé le projet du jalon G%(number)s"))
RESTORED = audit.Action("gate.restored", _l("a rétabli le jalon G%(number)s"))

_ACTIONS = {
    GateVerb.DECLARED: DECLARED,
    GateVerb.WITHDRAWN: WITHDRAWN,
    GateVerb.ACCEPTED: ACCEPTED,
    GateVerb.REFUSED: REFUSED,
    GateVerb.WAIVED: WAIVED,
    GateVerb.RESTORED: RESTORED,
}


def declare(actor: Actor, project: Project, gate: int) -> None:
    """The team says that it has passed a gate, proved or not, and asks for it.

    Raises `RuleBroken` where it was asked already, or waived.
    """
    definition = _get_declarable(actor, project, gate)
    state = _lock_state(project, definition)
    if state.waiver is not None:
        raise RuleBroken(
            None, _("Ce jalon ne s’applique pas au projet : il n’y a rien à demander.")
        )
    if state.declared is not None and (state.is_requested or state.is_accepted):
        raise RuleBroken(None, _("Ce jalon est déjà demandé."))
    _record_decision(actor, project, definition, GateVerb.DECLARED)


def withdraw(actor: Actor, project: Project, gate: int) -> None:
    """Take the declaration back. Raises `RuleBroken` where there is none."""
    definition = _get_declarable(actor, project, gate)
    if _lock_state(project, definition).declared is None:
        raise RuleBroken(None, _("Ce jalon n’est pas demandé."))
    _record_decision(actor, project, definition, GateVerb.WITHDRAWN)


def accept(
    actor: Actor, project: Project, gate: int, fingerprint: str, note: str = ""
) -> GateDecision:
    """By the gate's acceptor, on the evidence whose fingerprint they `seen`.

    Raises `RuleBroken` while a predicate is not met, and when the evidence has changed since.
    """
    definition = _get_answerable(actor, project, gate)
    state = _lock_state(project, definition)
    evaluation = state.evaluation
    if evaluation is None or evaluation.fingerprint != fingerprint:
        sentence = _("Les preuves ont changé depuis que vous les avez lues : relisez-les.")
        raise RuleBroken(None, sentence)
    if not evaluation.is_proved:
        n = len(evaluation.missing)
        message = ngettext(
            "Il manque encore %(num)s preuve à ce jalon.",
            "Il manque encore %(num)s preuves à ce jalon.",
            n,
        )
        raise RuleBroken(None, message)
    if state.is_accepted:
        raise RuleBroken(None, _("Ce jalon est déjà accepté, sur ces preuves."))
    return _record_decision(actor, project, definition, GateVerb.ACCEPTED, note)


def refuse(actor: Actor, project: Project, gate: int, reason: str) -> GateDecision:
    """Say what is not enough yet, or take an acceptance back. Raises `RuleBroken`."""
    definition = _get_answerable(actor, project, gate)
    state = _lock_state(project, definition)
    if state.declared is None and not state.was_accepted:
        raise RuleBroken(None, _("L’équipe n’a pas demandé ce jalon : il n’y a rien à refuser."))
    return _record_decision(actor, project, definition, GateVerb.REFUSED, reason)


def waive(actor: Actor, project: Project, gate: int, reason: str) -> GateDecision:
    """The gate does not apply to the project, and leaves its numbers. Raises `RuleBroken`."""
    definition = _get_waivable(actor, project, gate)
    if _lock_state(project, definition).waiver is not None:
        raise RuleBroken(None, _("Le projet est déjà dispensé de ce jalon."))
    return _record_decision(actor, project, definition, GateVerb.WAIVED, reason)


def restore(actor: Actor, project: Project, gate: int, reason: str) -> GateDecision:
    """Take a waiver back. Raises `RuleBroken` where there is none."""
    definition = _get_waivable(actor, project, gate)
    if _lock_state(project, definition).waiver is None:
        raise RuleBroken(None, _("Le projet n’est pas dispensé de ce jalon."))
    return _record_decision(actor, project, definition, GateVerb.RESTORED, reason)


def carrier_only_message() -> str:
    return _("Seul qui porte le projet demande un jalon. Rien n’a été changé.")


def acceptor_only_message(definition: GateDefinition) -> str:
    who = policy.ACCEPTORS[definition.terms.acceptor]
    return _("Ce jalon est accepté par : %(who)s. Rien n’a été changé.", who=who)


def direction_only_message() -> str:
    return _("Seule la direction du programme le décide. Rien n’a été changé.")


def require_carrier(actor: Actor, project: Project) -> None:
    require(policy.may_declare(actor, project), carrier_only_message())


def require_acceptor(actor: Actor, project: Project, definition: GateDefinition) -> None:
    """In some state of the project: asked before a form is looked at."""
    require(queries.is_acceptor(actor, project, definition), acceptor_only_message(definition))


def require_lead(actor: Actor, project: Project) -> None:
    require(policy.can_waive(actor, project), direction_only_message())


def require_not_over(project: Project) -> None:
    """Raises `TooLate` once the project is over."""
    if policy.is_frozen(project):
        sentence = _("Ce projet est terminé : ses jalons restent comme ils étaient ce jour-là.")
        raise TooLate(sentence, f"/projects/{project.slug}/gates")


def _get_declarable(actor: Actor, project: Project, gate: int) -> GateDefinition:
    require_carrier(actor, project)
    require_under_way(project)
    require(policy.can_declare(actor, project))
    return queries.get_definition(project.programme_id, gate)


def _get_answerable(actor: Actor, project: Project, gate: int) -> GateDefinition:
    definition = queries.get_definition(project.programme_id, gate)
    require_acceptor(actor, project, definition)
    require_not_over(project)
    return definition


def _get_waivable(actor: Actor, project: Project, gate: int) -> GateDefinition:
    require_lead(actor, project)
    require_not_over(project)
    return queries.get_definition(project.programme_id, gate)


def _lock_state(project: Project, definition: GateDefinition) -> GateState:
    """Where the gate stands, judged now; nobody else decides of the project meanwhile."""
    lock_project_gates(project)
    judge_gates(project, [definition], None)
    flush_session()
    states = queries.read_states(project)
    return next(state for state in states if state.definition.number == definition.number)


def _record_decision(
    actor: Actor, project: Project, definition: GateDefinition, verb: GateVerb, reason: str = ""
) -> GateDecision:
    evaluation = queries.find_latest(project)[definition.number]
    row = GateDecision(
        project_id=project.id,
        gate=definition.number,
        verb=verb,
        reason=reason,
        decided_by_id=actor.person_id,
        evaluation_id=evaluation.id,
        fingerprint=evaluation.fingerprint,
    )
    db.session.add(row)
    facts: dict[str, Any] = {
        "number": definition.number,
        "fingerprint": evaluation.fingerprint,
        "path": path_of(project, definition.number),
    }
    changes = {"reason": ("", reason)} if reason else {}
    audit.record(actor, _ACTIONS[verb], row, scope_id=project.id, facts=facts, changes=changes)
    return row

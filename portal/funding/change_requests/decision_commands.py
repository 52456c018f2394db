"""Decide change requests, apply what was granted, and correct a decision by a new one."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm.attributes import flag_modified

from portal.funding.agreements.amendment_commands import (
    AmendmentFacts,
    amend_locked_agreement,
    find_balancing_instalment,
)
from portal.funding.agreements.commands import end_abandoned_agreement
from portal.funding.agreements.gate_queries import read_gates_by_project
from portal.funding.agreements.models import AgreementAmendment, FundingAgreement
from portal.funding.agreements.terms_queries import find_funding_terms
from portal.funding.change_requests import labels, policy, queries
from portal.funding.change_requests.commands import (
    ChangeFacts,
    file_change_request,
    lock_change,
    record_change_event,
    require_other_amount,
)
from portal.funding.change_requests.models import (
    DELAY_MAX,
    ChangeDecision,
    ChangeState,
    FundingChange,
    FundingChangeKind,
    GrantedDelay,
)
from portal.funding.change_requests.queries import LoadedChange
from portal.funding.change_requests.rules import STOPPED_BY_ABANDONMENT, ChangeMode
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import db, flush_session
from portal.platform.kernel.errors import RuleBroken, require_warning_seen
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.commands import stop_project_on_request
from portal.project.projects.models import Project

GRANTED = audit.Action("change.granted", _l("a accordé la demande de modification %(number)s"))
REFUSED = audit.Action("change.refused", _l("a refusé la demande de modification %(number)s"))
APPLIED = audit.Action("change.applied", _l("a appliqué la demande de modification %(number)s"))
CORRECTED = audit.Action("change.corrected", _l("a corrigé la décision sur la demande %(number)s"))
DELAYED = audit.Action("plan.delayed", _l("a décalé le plan des jalons, par la demande %(number)s"))


@dataclass(frozen=True, kw_only=True)
class ChangeAnswer:
    """A decision: `days` and `amount_cents` are what is granted, as asked where they are None."""

    is_granted: bool
    reasons: str
    days: int | None = None
    amount_cents: int | None = None


def require_decider(actor: Actor, loaded: LoadedChange) -> None:
    """Raise `NotAllowed` unless the actor decides this request."""
    sentence = _("Les règles du programme confient cette décision à quelqu’un d’autre. Rien n’a été changé.")
    require(policy.can_decide_change(actor, loaded.project, loaded.row), sentence)


def decide_change(actor: Actor, loaded: LoadedChange, answer: ChangeAnswer, version: int) -> ChangeDecision:
    """Grant or refuse a request, with reasons for its letter; who decides one that nobody has taken in
    hand has examined it.

    Raises `RuleBroken` on the field, such as a budget that the instalments do not allow, or before the
    sponsor confirmed an abandonment; `Overtaken`, `Conflict`.
    """
    require_decider(actor, loaded)
    lock_change(loaded, ChangeState.FILED, ChangeState.EXAMINED, version=version)
    if answer.is_granted and policy.awaits_sponsor_confirmation(loaded.row):
        raise RuleBroken(None, _("Le sponsor n’a pas encore confirmé l’abandon."))
    decision = _write_decision(actor, loaded, answer)
    row = loaded.row
    row.examined_by_id = row.examined_by_id or actor.person_id
    row.state = ChangeState.GRANTED if answer.is_granted else ChangeState.REFUSED
    row.closed_at = None if answer.is_granted else clock.now()
    record_change_event(actor, GRANTED if answer.is_granted else REFUSED, loaded)
    return decision


def file_or_note_change_request(
    actor: Actor, project: Project, agreement: FundingAgreement, facts: ChangeFacts
) -> FundingChange:
    """File a request. Where the programme only records its kind, it is noted and applied at once.
    Raises as `file_change_request` does."""
    row = file_change_request(actor, project, agreement, facts)
    if queries.read_change_modes(project.programme_id)[facts.kind] is ChangeMode.RECORDED:
        loaded = LoadedChange(project, agreement, row)
        flush_session()
        note = ChangeAnswer(is_granted=True, reasons=_("Le programme prend acte de cette modification."))
        _apply_decision(actor, loaded, _write_decision(actor, loaded, note))
    return row


def _write_decision(actor: Actor, loaded: LoadedChange, answer: ChangeAnswer) -> ChangeDecision:
    row, terms = loaded.row, find_funding_terms(loaded.project.programme_id)
    days = (answer.days or row.days) if answer.is_granted else None
    if days is not None and not 1 <= days <= DELAY_MAX:
        raise RuleBroken("days", _("Donnez un délai de 1 à %(n)s jours.", n=DELAY_MAX))
    amount = (answer.amount_cents or row.amount_cents) if answer.is_granted else None
    if amount is not None:
        require_other_amount(loaded.agreement, amount)
        find_balancing_instalment(loaded.project, amount)
    decision = ChangeDecision(
        change_id=row.id,
        number=len(queries.list_decisions(row)) + 1,
        is_granted=answer.is_granted,
        reasons=answer.reasons,
        days=days,
        amount_cents=amount,
        decided_by_id=actor.person_id,
        decided_on=clock.today(),
        signatory_name=terms.signatory_name if terms else "",
        signatory_function=terms.signatory_function if terms else "",
        appeal_terms=terms.appeal_terms if terms else "",
    )
    db.session.add(decision)
    flush_session()
    return decision


def apply_change(actor: Actor, loaded: LoadedChange, version: int) -> None:
    """Apply what was granted: a delay moves the plan of gates and the agreement's end from today, a
    budget or a scope amends the agreement, an abandonment stops the project and settles.

    Raises `RuleBroken`, `Overtaken`, `Conflict`, `TooLate`.
    """
    require_decider(actor, loaded)
    lock_change(loaded, ChangeState.GRANTED, version=version)
    _apply_decision(actor, loaded, queries.list_decisions(loaded.row)[0][0])


def _apply_decision(actor: Actor, loaded: LoadedChange, decision: ChangeDecision) -> None:
    if loaded.row.kind is FundingChangeKind.ABANDONMENT:
        _abandon_project(actor, loaded)
    elif loaded.row.kind is FundingChangeKind.DELAY:
        _grant_delay(actor, loaded, decision.days or 0, decision.reasons)
    else:
        _amend_agreement(actor, loaded, decision)
    loaded.row.state, loaded.row.closed_at = ChangeState.APPLIED, clock.now()
    record_change_event(actor, APPLIED, loaded)


def correct_decision(
    actor: Actor,
    loaded: LoadedChange,
    answer: ChangeAnswer,
    version: int,
    *,
    knowingly: bool | str = True,
) -> ChangeDecision:
    """Correct a decision that was granted or applied by a new one, with a letter of its own. What a
    delay moved is moved by the difference.

    Raises `RuleBroken` for what cannot be corrected so, on `knowingly` until the actor has seen which days
    move (`require_warning_seen`); `Overtaken`, `Conflict`.
    """
    require_decider(actor, loaded)
    lock_change(loaded, ChangeState.GRANTED, ChangeState.APPLIED, version=version)
    row, was_applied = loaded.row, loaded.row.state is ChangeState.APPLIED
    if was_applied and row.kind is FundingChangeKind.ABANDONMENT:
        raise RuleBroken(
            None, _("Un abandon appliqué ne se corrige pas ici : la direction reprend le projet.")
        )
    decision = _write_decision(actor, loaded, answer)
    flag_modified(row, "state")  # another version: who read the decision before has not seen this one
    if was_applied and row.kind is FundingChangeKind.DELAY:
        difference = (decision.days or 0) - queries.sum_change_delays(row)
        if difference:
            if moves := _describe_moves(loaded, difference):
                require_warning_seen("knowingly", moves, knowingly)
            _grant_delay(actor, loaded, difference, answer.reasons)
    elif was_applied:
        if not answer.is_granted:
            raise RuleBroken(None, _("Ce qui est amendé se corrige par un nouvel avenant."))
        _amend_agreement(actor, loaded, decision)
    if not answer.is_granted:
        row.state, row.closed_at = ChangeState.REFUSED, row.closed_at or clock.now()
    record_change_event(actor, CORRECTED, loaded)
    return decision


def _describe_moves(loaded: LoadedChange, days: int) -> str:
    """What correcting an applied delay by so many days moves, a line each; "" for nothing."""
    gates = read_gates_by_project([loaded.project]).get(loaded.project.id, {})
    moves = labels.list_delay_moves(days, loaded.agreement.ends_on, gates)
    return "\n".join([_("La correction déplace ces jours aussitôt."), *moves]) if moves else ""


def _grant_delay(actor: Actor, loaded: LoadedChange, days: int, reason: str) -> None:
    project, agreement, row = loaded
    delay = GrantedDelay(project_id=project.id, change_id=row.id, days=days, from_on=clock.today())
    db.session.add(delay)
    if agreement.ends_on is not None:
        ends_on = agreement.ends_on + timedelta(days=days)
        amendment = AmendmentFacts(signed_on=clock.today(), reason=reason, ends_on=ends_on)
        amend_locked_agreement(actor, project, agreement, amendment)
    facts = {"path": f"/projects/{project.slug}/gates", "number": row.number}
    audit.record(actor, DELAYED, delay, scope_id=project.id, facts=facts)


def _amend_agreement(actor: Actor, loaded: LoadedChange, decision: ChangeDecision) -> AgreementAmendment:
    change = AmendmentFacts(
        signed_on=clock.today(),
        reason=decision.reasons,
        amount_cents=decision.amount_cents,
        purpose=loaded.row.purpose or None,
    )
    return amend_locked_agreement(actor, loaded.project, loaded.agreement, change)


def _abandon_project(actor: Actor, loaded: LoadedChange) -> None:
    project, agreement, row = loaded
    end_abandoned_agreement(actor, project, agreement, row.reason)
    if project.state in STOPPED_BY_ABANDONMENT:
        stop_project_on_request(actor, project, reason=row.reason, learnings=row.learnings)

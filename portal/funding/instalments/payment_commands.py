"""Pay instalments, undo payments that failed, recover what was paid: counter-entries alone."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from portal.funding.agreements import policy
from portal.funding.agreements.commands import lock_agreement
from portal.funding.agreements.models import Instalment, InstalmentState
from portal.funding.agreements.queries import LoadedInstalment
from portal.funding.agreements.rules import require_day_within_agreement
from portal.funding.agreements.terms_queries import read_recovery_days
from portal.funding.instalments.commands import (
    lock_instalment,
    require_operator,
    require_reason_if_stale,
    withdraw_check_if_checked,
)
from portal.funding.instalments.models import InstalmentVerb, PaymentRecovery
from portal.funding.instalments.queries import find_last_check_day, find_open_recovery
from portal.funding.instalments.rules import fingerprint_instalment, list_barred_person_ids
from portal.funding.instalments.step_commands import add_step, record_instalment_event, set_instalment_state
from portal.funding.ledger.commands import enter_amount
from portal.funding.ledger.models import LedgerAccount
from portal.funding.ledger.queries import find_team_and_number_by_reference, read_project_totals_by_instalment
from portal.funding.ledger.rules import NOTHING, LedgerTotals
from portal.people.programmes.models import Programme
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import check_version, db, flush_session, lock_row
from portal.platform.kernel.errors import Overtaken, RuleBroken, TooLate
from portal.platform.kernel.text import format_day
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.path_rules import row_path
from portal.project.projects.work_commands import lock_fresh, require_not_future

PAID = audit.Action("instalment.paid", _l("a versé la tranche %(number)s"))
FAILED = audit.Action("payment.failed", _l("a noté que le versement de la tranche %(number)s a échoué"))
ANNOUNCED = audit.Action("recovery.announced", _l("a annoncé un reversement sur la tranche %(number)s"))
OBSERVED = audit.Action("recovery.observed", _l("a répondu au reversement de la tranche %(number)s"))
BOOKED = audit.Action("recovery.booked", _l("a noté le reversement sur la tranche %(number)s"))
DROPPED = audit.Action("recovery.dropped", _l("a abandonné le reversement sur la tranche %(number)s"))
CHECKED_STATE, PAID_STATE = frozenset({InstalmentState.CHECKED}), frozenset({InstalmentState.PAID})


@dataclass(frozen=True, kw_only=True)
class Payment:
    """A payment; `reason` says why it goes on where a gate went stale."""

    paid_on: date
    reference: str
    reason: str = ""


def require_other_payer(actor: Actor, row: Instalment) -> None:
    """Raise `NotAllowed` for who asked for the instalment, or checked it."""
    sentence = _(
        "Qui demande ou contrôle ne verse pas : une autre personne doit le faire. Rien n’a été changé."
    )
    require(actor.person_id not in list_barred_person_ids(row), sentence)


def pay_instalment(
    actor: Actor,
    loaded: LoadedInstalment,
    payment: Payment,
    version: int,
) -> bool:
    """Note the payment of a checked instalment, by somebody else than who checked and asked.

    Where a document changed since the check, the instalment goes back to asked instead: False.
    Raises `RuleBroken` on `paid_on`, `reference` or `reason`; `NotAllowed` where the actor checked;
    `Overtaken`, `Conflict`.
    """
    project, agreement, row = loaded
    require_operator(actor, project)
    lock_row(Programme, project.programme_id)  # one payment at a time: their references differ
    view = lock_instalment(loaded, CHECKED_STATE, version, may_be_over=True)
    require_other_payer(actor, row)
    if fingerprint_instalment(row, view.documents) != row.checked_fingerprint:
        withdraw_check_if_checked(actor, loaded)
        return False
    require_not_future("paid_on", payment.paid_on)
    if row.due_on and payment.paid_on < row.due_on:
        sentence = _("La tranche ne se verse pas avant le %(day)s.", day=format_day(row.due_on))
        raise RuleBroken("paid_on", sentence)
    require_day_within_agreement("paid_on", payment.paid_on, agreement.starts_on, None)
    checked_on = find_last_check_day(row)
    if checked_on and payment.paid_on < checked_on:
        sentence = _(
            "La tranche a été contrôlée le %(day)s : un versement ne précède pas son contrôle.",
            day=format_day(checked_on),
        )
        raise RuleBroken("paid_on", sentence)
    require_reason_if_stale(view, payment.reason)
    _require_new_reference(project, payment.reference, but=row.id)  # a payment may be sent again
    row.paid_by_id, row.paid_on = actor.person_id, payment.paid_on
    row.payment_reference = payment.reference
    set_instalment_state(row, InstalmentState.PAID)
    enter_amount(
        actor,
        row,
        LedgerAccount.PAID,
        row.amount_cents,
        on_day=payment.paid_on,
        reference=payment.reference,
        reason=payment.reason,
    )
    add_step(actor, row, InstalmentVerb.PAID, payment.reason)
    record_instalment_event(actor, PAID, loaded)
    return True


def _require_new_reference(project: Project, reference: str, *, but: UUID | None = None) -> None:
    """Raise `RuleBroken` for a reference with which an instalment of the programme was paid or
    recovered, `but` one."""
    if same := find_team_and_number_by_reference(project.programme_id, reference, but=but):
        team, number = same
        sentence = _("Cette référence est déjà celle de %(team)s, tranche %(n)s.", team=team, n=number)
        raise RuleBroken("reference", sentence)


def note_payment_failure(actor: Actor, loaded: LoadedInstalment, reason: str, version: int) -> None:
    """Note that a payment came back, also of a closed agreement: a counter-entry, and the instalment is
    to pay again.

    Raises `RuleBroken` once a part was recovered, `Overtaken`, `Conflict`.
    """
    project, _agreement, row = loaded
    require_operator(actor, project)
    lock_instalment(loaded, PAID_STATE, version, may_be_over=True)
    if _read_instalment_totals(project, row).recovered or find_open_recovery(row):
        raise RuleBroken(None, _("Un reversement porte sur cette tranche : notez le reste par lui."))
    enter_amount(
        actor,
        row,
        LedgerAccount.PAID,
        -row.amount_cents,
        reference=row.payment_reference,
        reason=reason,
    )
    row.paid_by_id = row.paid_on = None
    row.payment_reference = ""
    set_instalment_state(row, InstalmentState.CHECKED)
    add_step(actor, row, InstalmentVerb.FAILED, reason)
    record_instalment_event(actor, FAILED, loaded)


def _read_instalment_totals(project: Project, row: Instalment) -> LedgerTotals:
    return read_project_totals_by_instalment(project).get(row.id, NOTHING)


def announce_recovery(actor: Actor, loaded: LoadedInstalment, amount: int, reason: str) -> PaymentRecovery:
    """Announce that a part of a payment is to come back. Raises `RuleBroken` on `amount_cents`."""
    project, _agreement, row = loaded
    require_operator(actor, project)
    _lock_paid_instalment(loaded)
    if find_open_recovery(row):
        raise RuleBroken(None, _("Un reversement est déjà annoncé sur cette tranche."))
    if amount > _read_instalment_totals(project, row).net_paid:
        raise RuleBroken("amount_cents", _("C’est plus que ce qui a été versé sur cette tranche."))
    recovery = PaymentRecovery(
        instalment_id=row.id,
        amount_cents=amount,
        reason=reason,
        announced_by_id=actor.person_id,
        answer_until=clock.today() + timedelta(days=read_recovery_days(project.programme_id)),
    )
    db.session.add(recovery)
    flush_session()
    record_instalment_event(actor, ANNOUNCED, loaded)
    return recovery


def _lock_paid_instalment(loaded: LoadedInstalment) -> None:
    _project, agreement, row = loaded
    lock_agreement(agreement)
    lock_fresh(row)
    if row.state is not InstalmentState.PAID:
        raise Overtaken(_("Rien n’est versé sur cette tranche."))


def require_team_lead(actor: Actor, project: Project) -> None:
    """Raise `NotAllowed` unless the actor leads the team."""
    sentence = _("Seul le porteur du projet répond au nom de l’équipe. Rien n’a été changé.")
    require(policy.can_request_instalment(actor, project), sentence)


def add_recovery_observations(actor: Actor, loaded: LoadedInstalment, text: str, version: int) -> None:
    """Send the team's observations on a recovery, once, as who leads it: the recovery may then be
    booked. Raises `Overtaken` once they are sent, `Conflict`, `NotFound`."""
    project = loaded.project
    require_team_lead(actor, project)
    recovery = _lock_recovery(loaded)
    if recovery.observed_at is not None:
        raise Overtaken(_("L’équipe a déjà répondu à ce reversement."), row_path(project, loaded.row))
    check_version(recovery, version)
    recovery.observations, recovery.observed_by_id = text, actor.person_id
    recovery.observed_at = clock.now()
    record_instalment_event(actor, OBSERVED, loaded)


def _lock_recovery(loaded: LoadedInstalment, version: int | None = None) -> PaymentRecovery:
    _lock_paid_instalment(loaded)
    recovery = find_open_recovery(loaded.row)
    if recovery is None:
        raise Overtaken(_("Ce reversement est déjà noté ou abandonné."), row_path(loaded.project, loaded.row))
    if version is not None:
        check_version(recovery, version)
    return recovery


def book_recovery(
    actor: Actor,
    loaded: LoadedInstalment,
    booking: Payment,
    version: int,
) -> None:
    """Note that what was announced came back, by somebody else than who announced it.

    Raises `RuleBroken` on `paid_on` or `reference`, `TooLate` before the team's observations or the
    days that were left for them; `Conflict`, `NotFound`.
    """
    project, _agreement, row = loaded
    require_operator(actor, project)
    lock_row(Programme, project.programme_id)
    recovery = _lock_recovery(loaded, version)
    if recovery.announced_by_id == actor.person_id:
        raise RuleBroken(None, _("Qui annonce un reversement ne le note pas : une autre personne le fait."))
    if not recovery.may_be_booked_on(clock.today()):
        sentence = _("L’équipe peut répondre jusqu’au %(day)s.", day=format_day(recovery.answer_until))
        raise TooLate(sentence, row_path(project, row))
    require_not_future("paid_on", booking.paid_on)
    announced_on = clock.day_of(recovery.created_at)
    if booking.paid_on < announced_on:
        sentence = _("Un reversement ne précède pas son annonce, le %(day)s.", day=format_day(announced_on))
        raise RuleBroken("paid_on", sentence)
    _require_new_reference(project, booking.reference)
    recovery.booked_by_id, recovery.booked_on = actor.person_id, booking.paid_on
    recovery.reference, recovery.booked_at = booking.reference, clock.now()
    enter_amount(
        actor,
        row,
        LedgerAccount.RECOVERED,
        recovery.amount_cents,
        on_day=booking.paid_on,
        reference=booking.reference,
        reason=recovery.reason,
    )
    record_instalment_event(actor, BOOKED, loaded)


def drop_recovery(actor: Actor, loaded: LoadedInstalment, version: int) -> None:
    """Give up a recovery that was announced. Raises `Conflict`, `NotFound`."""
    project = loaded.project
    require_operator(actor, project)
    recovery = _lock_recovery(loaded, version)
    recovery.dropped_at, recovery.dropped_by_id = clock.now(), actor.person_id
    record_instalment_event(actor, DROPPED, loaded)

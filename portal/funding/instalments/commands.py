"""Ask for an instalment, and examine what was asked: return, check, refuse, wait."""

from collections.abc import Sequence

from portal.funding.agreements import policy
from portal.funding.agreements.commands import lock_agreement
from portal.funding.agreements.models import Instalment, InstalmentState
from portal.funding.agreements.queries import LoadedInstalment
from portal.funding.instalments.models import InstalmentVerb
from portal.funding.instalments.queries import InstalmentWithNeeds, read_instalment_with_needs
from portal.funding.instalments.rules import (
    ASKABLE,
    UNDER_REVIEW,
    InstalmentLack,
    LackKind,
    fingerprint_instalment,
    list_unmet_gates,
)
from portal.funding.instalments.step_commands import (
    add_step,
    record_instalment_event,
    set_instalment_state,
    withdraw_instalment_check,
)
from portal.funding.ledger.commands import enter_amount
from portal.funding.ledger.models import LedgerAccount
from portal.platform.kernel import audit
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.errors import Overtaken, RuleBroken, TooLate
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.gate_queries import list_gate_options
from portal.project.projects.models import Project
from portal.project.projects.path_rules import row_path
from portal.project.projects.work_commands import lock_fresh

REQUESTED = audit.Action("instalment.asked", _l("a demandé la tranche %(number)s"))
RETURNED = audit.Action("instalment.returned", _l("a rendu la tranche %(number)s à compléter"))
CHECKED = audit.Action("instalment.checked", _l("a contrôlé la tranche %(number)s"))
REFUSED = audit.Action("instalment.refused", _l("a refusé la tranche %(number)s"))
DEFERRED = audit.Action("instalment.deferred", _l("a mis la tranche %(number)s en attente d’un jalon"))
REOPENED = audit.Action("instalment.reopened", _l("a fait revenir la tranche %(number)s au contrôle"))


def require_operator(actor: Actor, project: Project) -> None:
    """Raise `NotAllowed` unless the actor checks and pays."""
    sentence = _("Seul l’opérateur contrôle et verse. Rien n’a été changé.")
    require(policy.can_operate(actor, project), sentence)


def require_requester(actor: Actor, project: Project) -> None:
    """Raise `NotAllowed` unless the actor leads the team."""
    sentence = _("Seul le porteur du projet demande une tranche. Rien n’a été changé.")
    require(policy.can_request_instalment(actor, project), sentence)


def lock_instalment(
    loaded: LoadedInstalment,
    states: frozenset[InstalmentState],
    version: int | None = None,
    *,
    may_be_over: bool = False,
) -> InstalmentWithNeeds:
    """Lock agreement and instalment, and read what it lacks; `may_be_over`: of an agreement that ended
    too, where a payment came back.

    Raises `TooLate` unless the agreement is open, `Overtaken` unless the instalment is in one of
    the states, `Conflict` for another version.
    """
    project, agreement, row = loaded
    lock_agreement(agreement)
    lock_fresh(row)
    require_instalment_state(loaded, states, may_be_over=may_be_over)
    if version is not None:
        lock_fresh(row, version)
    return read_instalment_with_needs(project, row)


def require_instalment_state(
    loaded: LoadedInstalment, states: frozenset[InstalmentState], *, may_be_over: bool = False
) -> None:
    """Raise `TooLate` unless the agreement is open, `Overtaken` unless the instalment is in a state."""
    project, agreement, row = loaded
    if not (agreement.is_committed if may_be_over else agreement.is_open):
        raise TooLate(_("La convention n’est pas en vigueur."), row_path(project, row))
    if row.state not in states:
        sentence = _("Cette tranche a changé d’état entre-temps : relisez-la avant d’agir.")
        raise Overtaken(sentence, row_path(project, row))


def request_instalment(actor: Actor, loaded: LoadedInstalment, version: int) -> None:
    """Ask for an instalment, once its conditions are met.

    Raises `RuleBroken` with the names of the gates that are not accepted, or of what else is
    missing; `Overtaken`, `Conflict`, `TooLate`.
    """
    project, _agreement, row = loaded
    require_requester(actor, project)
    view = lock_instalment(loaded, ASKABLE, version)
    if view.lacks:
        raise RuleBroken(None, _describe_lacks(project, view.lacks))
    row.asked_by_id = actor.person_id
    set_instalment_state(row, InstalmentState.REQUESTED)
    enter_amount(actor, row, LedgerAccount.REQUESTED, row.amount_cents)
    add_step(actor, row, InstalmentVerb.REQUESTED)
    record_instalment_event(actor, REQUESTED, loaded)


def _describe_lacks(project: Project, lacks: Sequence[InstalmentLack]) -> str:
    titles = dict(list_gate_options(project))
    gates = [titles.get(number, f"G{number}") for number in list_unmet_gates(lacks)]
    if gates:
        return _("Pas encore acceptés : %(gates)s. La tranche se demande après.", gates=", ".join(gates))
    names = [lack.name for lack in lacks if lack.kind is LackKind.DOCUMENT]
    if names:
        return _("Il manque : %(names)s.", names=", ".join(names))
    return _("Il manque l’état des dépenses, préparé par une personne et certifié par une autre.")


def return_instalment(actor: Actor, loaded: LoadedInstalment, reason: str, version: int) -> None:
    """Return what was asked, with what is missing. Raises `Overtaken`, `Conflict`."""
    project, _agreement, row = loaded
    require_operator(actor, project)
    lock_instalment(loaded, UNDER_REVIEW, version)
    _reverse_ledger_entries(actor, row, reason)
    set_instalment_state(row, InstalmentState.RETURNED)
    add_step(actor, row, InstalmentVerb.RETURNED, reason)
    record_instalment_event(actor, RETURNED, loaded)


def refuse_instalment(actor: Actor, loaded: LoadedInstalment, reason: str, version: int) -> None:
    """Refuse an instalment for good, with why: its amount is committed no more. Raises `Overtaken`,
    `Conflict`."""
    project, _agreement, row = loaded
    require_operator(actor, project)
    lock_instalment(loaded, UNDER_REVIEW, version, may_be_over=True)
    _reverse_ledger_entries(actor, row, reason)
    enter_amount(actor, row, LedgerAccount.COMMITTED, -row.amount_cents, reason=reason)
    set_instalment_state(row, InstalmentState.REFUSED)
    add_step(actor, row, InstalmentVerb.REFUSED, reason)
    record_instalment_event(actor, REFUSED, loaded)


def _reverse_ledger_entries(actor: Actor, row: Instalment, reason: str) -> None:
    if row.state is InstalmentState.CHECKED:
        enter_amount(actor, row, LedgerAccount.CHECKED, -row.amount_cents, reason=reason)
    enter_amount(actor, row, LedgerAccount.REQUESTED, -row.amount_cents, reason=reason)
    row.checked_by_id, row.checked_fingerprint = None, ""


def check_instalment(actor: Actor, loaded: LoadedInstalment, reason: str, version: int) -> None:
    """Check what was asked, by somebody else than who asked. Where a gate went stale, `reason` says
    why it is paid all the same.

    Raises `RuleBroken` on `reason`; `NotAllowed` where the actor asked; `Overtaken`, `Conflict`.
    """
    project, _agreement, row = loaded
    require_operator(actor, project)
    view = lock_instalment(loaded, frozenset({InstalmentState.REQUESTED}), version)
    sentence = _("Qui demande ne contrôle pas : une autre personne doit le faire.")
    require(row.asked_by_id != actor.person_id, sentence)
    require_reason_if_stale(view, reason)
    row.checked_by_id, row.checked_fingerprint = actor.person_id, fingerprint_instalment(row, view.documents)
    set_instalment_state(row, InstalmentState.CHECKED)
    enter_amount(actor, row, LedgerAccount.CHECKED, row.amount_cents)
    add_step(actor, row, InstalmentVerb.CHECKED, reason)
    record_instalment_event(actor, CHECKED, loaded)


def require_reason_if_stale(view: InstalmentWithNeeds, reason: str) -> None:
    """Raise `RuleBroken` where something is missing since the instalment was asked: a gate needs a
    reason to go on, a document has to be handed in and the statement of expenses certified again."""
    others = [lack for lack in view.lacks if lack.kind is LackKind.DOCUMENT]
    if others:
        names = ", ".join(lack.name for lack in others)
        raise RuleBroken(None, _("Il manque : %(names)s. Rendez la tranche à compléter.", names=names))
    if any(lack.kind in {LackKind.STATEMENT, LackKind.CERTIFICATE} for lack in view.lacks):
        sentence = _("L’état des dépenses n’est pas certifié : rendez la tranche à compléter.")
        raise RuleBroken(None, sentence)
    if view.unmet_gates and not reason:
        sentence = _("Un jalon est périmé depuis la demande : dites pourquoi vous continuez quand même.")
        raise RuleBroken("reason", sentence)


def defer_instalment(actor: Actor, loaded: LoadedInstalment, reason: str, version: int) -> None:
    """Wait for a gate that went stale, with why. Raises `RuleBroken` where none did, `Overtaken` while
    it is waited for already."""
    project, _agreement, row = loaded
    require_operator(actor, project)
    view = lock_instalment(loaded, UNDER_REVIEW, version)
    if not view.unmet_gates:
        raise RuleBroken(None, _("Ses jalons sont acceptés : rien n’est à attendre."))
    if view.is_on_hold:
        raise Overtaken(_("Cette tranche est déjà en attente d’un jalon."), row_path(project, row))
    add_step(actor, row, InstalmentVerb.DEFERRED, reason, gates=view.unmet_gates)
    record_instalment_event(actor, DEFERRED, loaded)


def withdraw_check_if_checked(actor: Actor, loaded: LoadedInstalment, reason: str = "") -> None:
    """Take a checked instalment back to asked, since a document changed; the row is locked."""
    row = loaded.row
    if row.state is InstalmentState.CHECKED:
        withdraw_instalment_check(actor, row, checked_cents=row.amount_cents, reason=reason)
        record_instalment_event(actor, REOPENED, loaded)

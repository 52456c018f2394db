"""The plan of instalments: their amounts and conditions, before and after the signature."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete

from portal.collaboration.files.commands import remove_files
from portal.funding.agreements import queries
from portal.funding.agreements.commands import (
    funding_path,
    lock_agreement,
    record_funding_event,
    require_handler,
    require_open_draft,
)
from portal.funding.agreements.edition_commands import (
    add_instalment_edition,
    ensure_signed_instalment_edition,
)
from portal.funding.agreements.models import (
    DOCUMENTS_MAX,
    INSTALMENTS_MAX,
    OVER,
    AgreementState,
    FundingAgreement,
    Instalment,
    InstalmentDocument,
    InstalmentState,
)
from portal.funding.agreements.money_rules import AmountInvalid, require_shares_sum_to_whole, split_amount
from portal.funding.agreements.queries import LoadedInstalment
from portal.funding.agreements.rules import require_day_within_agreement
from portal.funding.instalments.rules import UNDER_REVIEW
from portal.funding.instalments.step_commands import withdraw_instalment_check
from portal.funding.ledger.commands import enter_amount
from portal.funding.ledger.models import LedgerAccount
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, flush_session
from portal.platform.kernel.errors import RuleBroken, TooLate
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.gate_queries import list_gate_options
from portal.project.projects.models import Project
from portal.project.projects.path_rules import row_path
from portal.project.projects.work_commands import create_row, lock_fresh

PLANNED = audit.Action("instalment.planned")
CHANGED = audit.Action("instalment.changed")
REPLANNED = audit.Action("instalment.replanned", _l("a modifié le plan de la tranche %(number)s"))
UNPLANNED = audit.Action("instalment.unplanned", ends=True)


@dataclass(frozen=True, kw_only=True)
class InstalmentFacts:
    """An instalment of the plan; `documents` are names with their due dates."""

    amount_cents: int
    due_on: date | None = None
    gates: Sequence[int] = ()
    documents: Sequence[tuple[str, date | None]] = ()
    needs_statement: bool = False


def plan_instalment(
    actor: Actor, project: Project, agreement: FundingAgreement, facts: InstalmentFacts
) -> Instalment:
    """Add an instalment to an agreement that is not committed. Raises `RuleBroken`, `TooLate`."""
    require_handler(actor, project)
    lock_agreement(agreement)
    require_open_draft(project, agreement)
    _check_plan(project, agreement, facts)
    if len(queries.list_instalments(project)) >= INSTALMENTS_MAX:
        raise RuleBroken(None, _("Une convention a au plus %(n)s tranches.", n=INSTALMENTS_MAX))
    row = _add_instalment(project, agreement, facts)
    record_funding_event(actor, PLANNED, row, project, number=row.number)
    return row


def _add_instalment(
    project: Project, agreement: FundingAgreement, facts: InstalmentFacts, share: int | None = None
) -> Instalment:
    row = create_row(
        Instalment,
        project,
        agreement_id=agreement.id,
        amount_cents=facts.amount_cents,
        share=share,
        due_on=facts.due_on,
        gates=sorted(set(facts.gates)),
        needs_statement=facts.needs_statement,
        turn_since=clock.now(),
    )
    flush_session()
    _set_needed_documents(row, facts.documents)
    return row


def _check_plan(project: Project, agreement: FundingAgreement, facts: InstalmentFacts) -> None:
    numbers = {number for number, _title in list_gate_options(project)}
    if not numbers.issuperset(facts.gates):
        raise RuleBroken("gates", _("Choisissez des jalons du programme."))
    if len(facts.documents) > DOCUMENTS_MAX:
        raise RuleBroken("documents", _("Une tranche demande au plus %(n)s documents.", n=DOCUMENTS_MAX))
    if len({name for name, _day in facts.documents}) < len(facts.documents):
        raise RuleBroken("documents", _("Chaque document a son propre nom."))
    for field, day in (("due_on", facts.due_on), *(("documents", day) for _name, day in facts.documents)):
        require_day_within_agreement(field, day, agreement.starts_on, agreement.ends_on)


def _set_needed_documents(row: Instalment, documents: Sequence[tuple[str, date | None]]) -> bool:
    """Set the documents that an instalment needs; those handed in stay. Returns whether any changed."""
    stored = {each.row.name: each.row for each in queries.list_documents_by_instalment([row]).get(row.id, ())}
    before = [(each.name, each.due_on) for each in stored.values()]
    removed_ids = [each.id for name, each in stored.items() if name not in dict(documents)]
    db.session.execute(delete(InstalmentDocument).where(InstalmentDocument.id.in_(removed_ids)))
    last = max((each.position for each in stored.values()), default=0)
    for name, due_on in documents:
        if name in stored:
            stored[name].due_on = due_on
        else:
            last += 1
            db.session.add(InstalmentDocument(instalment_id=row.id, position=last, name=name, due_on=due_on))
    return before != list(documents)


def plan_instalments_by_shares(
    actor: Actor, project: Project, agreement: FundingAgreement, shares: Sequence[int], version: int
) -> None:
    """Plan the whole amount by shares in hundredths of a per cent; the odd cent goes to the last.

    Instalments that are there already keep their conditions; more shares add more of them. Raises
    `RuleBroken` on `shares`, `Conflict`, `TooLate`.
    """
    require_handler(actor, project)
    lock_agreement(agreement, version)
    require_open_draft(project, agreement)
    if len(shares) > INSTALMENTS_MAX:
        raise RuleBroken("shares", _("Une convention a au plus %(n)s tranches.", n=INSTALMENTS_MAX))
    try:
        require_shares_sum_to_whole(shares)
    except AmountInvalid as invalid:
        raise RuleBroken("shares", str(invalid)) from None
    amounts = split_amount(agreement.amount_cents, shares)
    if min(amounts) <= 0:
        raise RuleBroken("shares", _("Le montant de la convention ne suffit pas à ces parts."))
    rows = queries.list_instalments(project)
    for row in rows[len(shares) :]:
        record_funding_event(actor, UNPLANNED, row, project, number=row.number)
        _delete_instalment(actor, row)
    for n, (share, amount) in enumerate(zip(shares, amounts, strict=True)):
        if n < len(rows):
            rows[n].amount_cents, rows[n].share = amount, share
            record_funding_event(actor, CHANGED, rows[n], project, number=rows[n].number)
        else:
            added = _add_instalment(project, agreement, InstalmentFacts(amount_cents=amount), share)
            record_funding_event(actor, PLANNED, added, project, number=added.number)


def explain_closed_instalment(agreement: FundingAgreement, row: Instalment) -> str | None:
    """Why an instalment of the plan does not change any more; None while it may."""
    if agreement.state is AgreementState.ENDED:
        return _("La convention est close : ses tranches ne changent plus.")
    return _("Cette tranche est close : elle ne change plus.") if row.state in OVER else None


def require_changeable_instalment(loaded: LoadedInstalment) -> None:
    """Raise `TooLate` for an instalment that does not change any more."""
    if sentence := explain_closed_instalment(loaded.agreement, loaded.row):
        raise TooLate(sentence, funding_path(loaded.project))


def change_instalment(
    actor: Actor, loaded: LoadedInstalment, facts: InstalmentFacts, version: int, reason: str = ""
) -> None:
    """Change amount and conditions. Once committed, `reason` says why, an edition keeps it, the last
    planned instalment takes the difference, and an instalment that was checked is asked again.

    Raises `RuleBroken` on the field, `Conflict`, `TooLate`.
    """
    project, agreement, row = loaded
    require_handler(actor, project)
    lock_agreement(agreement)
    lock_fresh(row, version)
    require_changeable_instalment(loaded)
    _check_plan(project, agreement, facts)
    if agreement.is_committed:
        _change_signed_plan(actor, loaded, facts, reason)
    else:
        _set_plan_values(row, facts)
        record_funding_event(actor, CHANGED, row, project, number=row.number)


def _set_plan_values(row: Instalment, facts: InstalmentFacts) -> bool:
    """Set what the plan says; returns whether anything but the amount changed."""
    before = row.due_on, list(row.gates), row.needs_statement
    row.share = row.share if row.amount_cents == facts.amount_cents else None
    row.amount_cents, row.due_on = facts.amount_cents, facts.due_on
    row.gates, row.needs_statement = sorted(set(facts.gates)), facts.needs_statement
    has_other_documents = _set_needed_documents(row, facts.documents)
    return has_other_documents or before != (row.due_on, row.gates, row.needs_statement)


def _change_signed_plan(actor: Actor, loaded: LoadedInstalment, facts: InstalmentFacts, reason: str) -> None:
    agreement, row = loaded.agreement, loaded.row
    ensure_signed_instalment_edition(agreement, row)
    old_amount, old_terms = row.amount_cents, (row.due_on, list(row.gates))
    difference = facts.amount_cents - old_amount
    has_other_conditions = _set_plan_values(row, facts)
    if not (difference or has_other_conditions):
        raise RuleBroken(None, _("Rien ne change : modifiez au moins une valeur."))
    if not reason:
        sentence = _("La convention est signée : dites pourquoi la tranche change.")
        raise RuleBroken("reason", sentence)
    if difference:
        _balance_last_instalment(actor, loaded, difference, reason)
        enter_amount(actor, row, LedgerAccount.COMMITTED, difference, reason=reason)
        if row.state in UNDER_REVIEW:
            enter_amount(actor, row, LedgerAccount.REQUESTED, difference, reason=reason)
    if row.state is InstalmentState.CHECKED:
        withdraw_instalment_check(actor, row, checked_cents=old_amount, reason=reason)
    add_instalment_edition(actor, row, reason)
    _record_plan_change(actor, loaded, old_terms)


def _record_plan_change(
    actor: Actor, loaded: LoadedInstalment, old_terms: tuple[date | None, Sequence[int]]
) -> None:
    """Append the event, with the days and gates that changed: never an amount or a document's name."""
    project, _agreement, row = loaded
    pairs = {"due_on": (old_terms[0], row.due_on), "gates": (list(old_terms[1]), row.gates)}
    audit.record(
        actor,
        REPLANNED,
        row,
        scope_id=project.id,
        facts={"number": row.number, "path": row_path(project, row), "team": project.short_name},
        changes={name: pair for name, pair in pairs.items() if pair[0] != pair[1]},
    )


def _balance_last_instalment(actor: Actor, loaded: LoadedInstalment, difference: int, reason: str) -> None:
    project, agreement, row = loaded
    planned = [
        each
        for each in queries.list_instalments(project)
        if each.id != row.id and each.state is InstalmentState.PLANNED
    ]
    if not planned or planned[-1].amount_cents - difference <= 0:
        raise RuleBroken(
            "amount_cents",
            _("La somme des tranches doit rester celle de la convention : aucune autre ne peut compenser."),
        )
    last = planned[-1]
    ensure_signed_instalment_edition(agreement, last)
    last.amount_cents, last.share = last.amount_cents - difference, None
    add_instalment_edition(actor, last, reason)
    enter_amount(actor, last, LedgerAccount.COMMITTED, -difference, reason=reason)


def remove_instalment(actor: Actor, loaded: LoadedInstalment, version: int) -> None:
    """Remove an instalment from a plan that is not committed. Raises `Conflict`, `TooLate`."""
    project, agreement, row = loaded
    require_handler(actor, project)
    lock_agreement(agreement)
    require_open_draft(project, agreement)
    lock_fresh(row, version)
    record_funding_event(actor, UNPLANNED, row, project, number=row.number)
    _delete_instalment(actor, row)


def _delete_instalment(actor: Actor, row: Instalment) -> None:
    remove_files(actor, row.__tablename__, row.id)
    db.session.execute(delete(InstalmentDocument).where(InstalmentDocument.instalment_id == row.id))
    db.session.delete(row)
    flush_session()

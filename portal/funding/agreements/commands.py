"""Prepare, sign and amend agreements, and plan their instalments."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from portal.funding.agreements import policy, queries
from portal.funding.agreements.models import (
    AgreementState,
    FundingAgreement,
    Instalment,
)
from portal.funding.agreements.rules import (
    Party,
    clean_legal_commitment,
    clean_parties,
    require_end_after_instalments,
    require_end_after_start,
    require_plausible_signature_day,
)
from portal.funding.ledger.commands import enter_amount
from portal.funding.ledger.models import LedgerAccount
from portal.funding.ledger.queries import read_project_totals_by_instalment
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import check_version, db, flush_session, lock_row, reload_row
from portal.platform.kernel.errors import RuleBroken, TooLate
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.kernel.text import ngettext
from portal.project.projects.models import Project
from portal.project.projects.path_rules import project_path
from portal.project.projects.queries import get_programme_of
from portal.project.projects.work_commands import find_or_create_only_row, require_not_future

DRAFTED = audit.Action("agreement.drafted")
SIGNED = audit.Action(
    "agreement.signed", _l("a noté la signature de la convention %(name)s"), reserved=("name",)
)
ENDED = audit.Action("agreement.ended", _l("a clos la convention %(name)s"), reserved=("name",))
DOCUMENT_CHOSEN = audit.Action(
    "agreement.document_chosen",
    _l("a remplacé le document signé de la convention %(name)s"),
    reserved=("name",),
)
UNIQUE_NUMBERS = ("number", "legal_commitment", "operator_reference")


@dataclass(frozen=True, kw_only=True)
class AgreementFacts:
    """What an agreement says; texts of numbers may be empty."""

    number: str = ""
    legal_commitment: str = ""
    operator_reference: str = ""
    purpose: str = ""
    parties: Sequence[Party] = ()
    amount_cents: int = 0
    starts_on: date | None = None
    ends_on: date | None = None


def funding_path(project: Project) -> str:
    """The path of the page about the money of a project."""
    return f"{project_path(project)}/funding"


def record_funding_event(
    actor: Actor | None, action: audit.Action, row: Any, project: Project, *, path: str = "", **facts: Any
) -> None:
    """Append an event in the project's scope. Never an amount: coaches read it too."""
    page = path or funding_path(project)
    audit.record(
        actor, action, row, scope_id=project.id, facts={**facts, "path": page, "team": project.short_name}
    )


def record_agreement_event(
    actor: Actor, action: audit.Action, row: FundingAgreement, project: Project, **facts: Any
) -> None:
    """Append an event about an agreement, which it names by its number."""
    record_funding_event(actor, action, row, project, name=row.number or project.short_name, **facts)


def require_handler(actor: Actor, project: Project) -> None:
    """Raise `NotAllowed` unless the actor handles the agreement."""
    sentence = _("L’opérateur et la direction du programme tiennent les conventions. Rien n’a été changé.")
    require(policy.can_handle(actor, project), sentence)


def lock_agreement(row: FundingAgreement, version: int | None = None) -> None:
    """Lock the money of a project, and read its agreement again, at the version that was read."""
    flush_session()
    lock_row(Project, row.project_id)
    reload_row(row)
    if version is not None:
        check_version(row, version)


def save_agreement(actor: Actor, project: Project, facts: AgreementFacts, version: int) -> FundingAgreement:
    """Prepare the agreement of a project, or complete one of which only the date is known.

    `version` is 0 where there is none. Raises `RuleBroken` on the field, `Conflict`, `TooLate`.
    """
    require_handler(actor, project)
    require_end_after_start(facts.starts_on, facts.ends_on)
    row: FundingAgreement = find_or_create_only_row(FundingAgreement, project, version)
    require_open_draft(project, row)
    require_end_after_plan(project, row, facts.ends_on)
    values = asdict(facts) | {"parties": [list(party) for party in clean_parties(facts.parties)]}
    for name in UNIQUE_NUMBERS:
        text = values[name].strip()
        values[name] = clean_legal_commitment(text) if name == "legal_commitment" else text or None
    for name, value in values.items():
        setattr(row, name, value)
    with db.session.no_autoflush:
        _require_unique_numbers(row)
    record_agreement_event(actor, DRAFTED, row, project)
    return row


def require_end_after_plan(project: Project, row: FundingAgreement, ends_on: date | None) -> None:
    """Raise `RuleBroken` for an end that comes earlier than what is paid or planned."""
    if ends_on and not (row.ends_on and ends_on >= row.ends_on):
        instalments = queries.list_instalments(project)
        require_end_after_instalments(ends_on, instalments, queries.list_documents_by_instalment(instalments))


def _require_unique_numbers(row: FundingAgreement) -> None:
    for name in UNIQUE_NUMBERS:
        value = getattr(row, name)
        if value and queries.is_number_taken(name, value, row):
            raise RuleBroken(name, _("Une autre convention porte déjà ce numéro."))


def require_open_draft(project: Project, row: FundingAgreement | None) -> None:
    """Raise `TooLate` once the amount is committed: then an amendment changes it."""
    if row is not None and row.is_committed:
        raise TooLate(_("Cette convention est signée : un avenant la change."), funding_path(project))


def require_open_agreement(project: Project, row: FundingAgreement) -> None:
    """Raise `TooLate` unless the agreement is signed with its amount, and not closed."""
    if row.state is AgreementState.ENDED:
        raise TooLate(_("Cette convention est close : elle ne change plus."), funding_path(project))
    if not row.is_open:
        raise TooLate(
            _("Seule une convention signée se modifie par avenant, ou se clôt."), funding_path(project)
        )


@dataclass(frozen=True)
class Signature:
    """The day of a signature, and the attached file that is the signed document: without it, nothing
    is signed."""

    signed_on: date
    document_id: UUID | None


def sign_agreement(
    actor: Actor, project: Project, row: FundingAgreement, signature: Signature, version: int
) -> None:
    """Note the signature, and commit the amount of each instalment.

    Raises `RuleBroken` without parties, dates or amount, and where the sum of the instalments is
    not the agreement's; on `signed_on`, `document`; `Conflict`, `TooLate`.
    """
    require_handler(actor, project)
    lock_agreement(row, version)
    require_open_draft(project, row)
    signed_on = signature.signed_on
    require_not_future("signed_on", signed_on)
    require_plausible_signature_day(signed_on, get_programme_of(project).starts_on, row.ends_on)
    instalments = queries.list_instalments(project)
    _require_complete_agreement(row, instalments)
    row.signed_on, row.committed_at = signed_on, clock.now()
    row.state = AgreementState.SIGNED
    _set_signed_document(row, signature.document_id)
    for instalment in instalments:
        enter_amount(actor, instalment, LedgerAccount.COMMITTED, instalment.amount_cents, on_day=signed_on)
    record_agreement_event(actor, SIGNED, row, project)


def _require_complete_agreement(row: FundingAgreement, instalments: Sequence[Instalment]) -> None:
    if not (row.purpose and row.parties and row.starts_on and row.ends_on and row.amount_cents):
        sentence = _("Il manque à la convention son objet, ses parties, ses dates ou son montant.")
        raise RuleBroken(None, sentence)
    if sum(each.amount_cents for each in instalments) != row.amount_cents:
        raise RuleBroken(None, _("La somme des tranches n’est pas le montant de la convention."))


def _set_signed_document(row: FundingAgreement, document_id: UUID | None) -> None:
    files = {file.id: file for file in queries.list_attachments(row.__tablename__, row.id)}
    if document_id not in files:
        raise RuleBroken("document", _("Joignez le document signé à la convention, puis choisissez-le ici."))
    row.document_id, row.document_sha256 = document_id, files[document_id].sha256


@dataclass(frozen=True)
class ReplacementDocument:
    """The attached file that replaces the signed document, and why."""

    document_id: UUID
    reason: str


def replace_signed_document(
    actor: Actor, project: Project, row: FundingAgreement, other: ReplacementDocument, version: int
) -> None:
    """Replace the signed document by another file; the earlier one and its fingerprint stay.

    Raises `RuleBroken` on `document` or `reason`, `Conflict`, `TooLate`.
    """
    require_handler(actor, project)
    lock_agreement(row, version)
    require_open_agreement(project, row)
    if other.document_id == row.document_id:
        raise RuleBroken("document", _("C’est déjà le document signé : choisissez-en un autre."))
    if row.document_id is not None:
        if not other.reason:
            raise RuleBroken("reason", _("Dites pourquoi le document signé est remplacé."))
        earlier = {"file": str(row.document_id), "sha256": row.document_sha256}
        why = {"day": clock.today().isoformat(), "reason": other.reason}
        row.earlier_documents = [*(row.earlier_documents or ()), earlier | why]
    _set_signed_document(row, other.document_id)
    record_agreement_event(actor, DOCUMENT_CHOSEN, row, project)


def _release_unpaid_commitments(actor: Actor, project: Project, reason: str) -> None:
    """Take back what each instalment has committed and not paid."""
    totals = read_project_totals_by_instalment(project)
    for instalment in queries.list_instalments(project):
        own = totals.get(instalment.id)
        if own is not None:
            enter_amount(actor, instalment, LedgerAccount.COMMITTED, -own.remaining, reason=reason)


def require_nothing_in_hand(project: Project) -> None:
    """Raise `RuleBroken` while an instalment is asked or checked."""
    if numbers := [str(number) for number in queries.list_numbers_in_hand(project)]:
        sentence = ngettext(
            "À verser, à refuser ou à rendre d’abord : la tranche %(numbers)s, demandée ou contrôlée.",
            "À verser, à refuser ou à rendre d’abord : les tranches %(numbers)s, demandées ou contrôlées.",
            len(numbers),
            numbers=", ".join(numbers),
        )
        raise RuleBroken(None, sentence)


def end_abandoned_agreement(actor: Actor, project: Project, row: FundingAgreement, reason: str) -> None:
    """End an agreement and release what is not paid: of an abandonment, by whoever granted it.

    Raises `RuleBroken` while an instalment is asked or checked, `TooLate`.
    """
    lock_agreement(row)
    if row.state is AgreementState.ENDED or row.signed_on is None:
        raise TooLate(_("Seule une convention signée se clôt."), funding_path(project))
    require_nothing_in_hand(project)
    _release_unpaid_commitments(actor, project, reason)
    row.state, row.ended_on, row.end_reason = AgreementState.ENDED, clock.today(), reason
    record_agreement_event(actor, ENDED, row, project)


def end_agreement(actor: Actor, project: Project, row: FundingAgreement, reason: str, version: int) -> None:
    """Close an agreement: what is planned and was not asked for is released.

    Raises `RuleBroken` while an instalment is asked or checked; `Conflict`, `TooLate`.
    """
    require_handler(actor, project)
    lock_agreement(row, version)
    end_abandoned_agreement(actor, project, row, reason)

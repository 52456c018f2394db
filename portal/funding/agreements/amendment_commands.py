"""Amend signed agreements: what changes, and which instalment takes a difference of amount."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.funding.agreements import queries
from portal.funding.agreements.commands import (
    lock_agreement,
    record_agreement_event,
    require_end_after_plan,
    require_handler,
    require_open_agreement,
)
from portal.funding.agreements.edition_commands import (
    add_instalment_edition,
    ensure_signed_instalment_edition,
)
from portal.funding.agreements.labels import money
from portal.funding.agreements.models import (
    AgreementAmendment,
    AgreementState,
    FundingAgreement,
    Instalment,
    InstalmentState,
)
from portal.funding.agreements.rules import require_end_after_start, require_plausible_signature_day
from portal.funding.ledger.commands import enter_amount
from portal.funding.ledger.models import LedgerAccount
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.queries import get_programme_of
from portal.project.projects.work_commands import create_row, require_not_future

AMENDED = audit.Action(
    "agreement.amended", _l("a noté l’avenant %(number)s à la convention %(name)s"), reserved=("name",)
)


@dataclass(frozen=True, kw_only=True)
class AmendmentFacts:
    """What an amendment changes: None leaves it as it is."""

    signed_on: date
    reason: str
    amount_cents: int | None = None
    ends_on: date | None = None
    purpose: str | None = None


def amend_agreement(
    actor: Actor, project: Project, row: FundingAgreement, amendment: AmendmentFacts, version: int
) -> AgreementAmendment:
    """Amend a signed agreement. Raises `RuleBroken` on the field; `Conflict`, `TooLate`."""
    require_handler(actor, project)
    lock_agreement(row, version)
    return amend_locked_agreement(actor, project, row, amendment)


def amend_locked_agreement(
    actor: Actor, project: Project, row: FundingAgreement, amendment: AmendmentFacts
) -> AgreementAmendment:
    """The same for a change that was granted; the row is locked."""
    require_open_agreement(project, row)
    require_not_future("signed_on", amendment.signed_on)
    if row.signed_on and amendment.signed_on < row.signed_on:
        raise RuleBroken("signed_on", _("Un avenant ne précède pas la convention qu’il modifie."))
    last_day = max(filter(None, (row.ends_on, amendment.ends_on)), default=None)
    require_plausible_signature_day(amendment.signed_on, get_programme_of(project).starts_on, last_day)
    require_end_after_start(row.starts_on, amendment.ends_on)
    require_end_after_plan(project, row, amendment.ends_on)
    changes: dict[str, Any] = {}
    for name in ("amount_cents", "ends_on", "purpose"):
        value, before = getattr(amendment, name), getattr(row, name)
        if value is not None and value != before:
            plain = (value, before) if name != "ends_on" else (value.isoformat(), before and str(before))
            changes[name] = [plain[1], plain[0]]
            setattr(row, name, value)
    if not changes:
        raise RuleBroken(None, _("Cet avenant ne change rien."))
    if "amount_cents" in changes:
        old, new = changes["amount_cents"]
        _move_difference_to_last_instalment(actor, project, row, new - old, amendment.reason)
    row.state = AgreementState.AMENDED
    written = AgreementAmendment(
        agreement_id=row.id,
        number=queries.count_amendments(row) + 1,
        signed_on=amendment.signed_on,
        changes=changes,
        reason=amendment.reason,
        author_id=actor.person_id,
    )
    db.session.add(written)
    record_agreement_event(actor, AMENDED, row, project, number=written.number)
    return written


def find_balancing_instalment(project: Project, amount: int) -> Instalment | None:
    """The last instalment that is not asked, which takes the difference to another amount in cents;
    None where a new one does. Raises `RuleBroken` on `amount_cents` where the others exceed it."""
    instalments = queries.list_instalments(project)
    planned = [each for each in instalments if each.state is InstalmentState.PLANNED]
    last = planned[-1] if planned else None
    floor = sum(each.amount_cents for each in instalments if each is not last)
    if amount > floor:
        return last
    begun = sum(each.amount_cents for each in instalments if each.state is not InstalmentState.PLANNED)
    sentence = _(
        "Les tranches demandées, versées ou refusées font %(begun)s : donnez plus.", begun=money(begun)
    )
    if floor > begun:
        sentence = _(
            "Les tranches demandées, versées ou refusées font %(begun)s, et toutes sauf la dernière "
            "%(floor)s : donnez plus.",
            begun=money(begun),
            floor=money(floor),
        )
    raise RuleBroken("amount_cents", sentence)


def _move_difference_to_last_instalment(
    actor: Actor, project: Project, row: FundingAgreement, difference: int, reason: str
) -> None:
    """The last instalment that is not asked takes the difference; without any, a new one does."""
    last = find_balancing_instalment(project, row.amount_cents)
    if last is None:
        last = create_row(
            Instalment, project, agreement_id=row.id, amount_cents=difference, turn_since=clock.now()
        )
    else:
        ensure_signed_instalment_edition(row, last)
        last.amount_cents, last.share = last.amount_cents + difference, None
        add_instalment_edition(actor, last, reason)
    enter_amount(actor, last, LedgerAccount.COMMITTED, difference, reason=reason)

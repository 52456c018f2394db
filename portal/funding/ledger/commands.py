"""Enter amounts into the ledger; the caller checked permission and records the act."""

from datetime import date

from portal.funding.agreements.models import Instalment
from portal.funding.ledger.models import LedgerAccount, LedgerEntry
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, flush_session


def enter_amount(
    actor: Actor,
    instalment: Instalment,
    account: LedgerAccount,
    amount_cents: int,
    *,
    on_day: date | None = None,
    reference: str = "",
    reason: str = "",
) -> None:
    """Append an entry about an instalment, on a day (today); nothing for an amount of zero."""
    flush_session()
    if amount_cents:
        db.session.add(
            LedgerEntry(
                project_id=instalment.project_id,
                instalment_id=instalment.id,
                account=account,
                amount_cents=amount_cents,
                on_day=on_day or clock.today(),
                reference=reference,
                reason=reason,
                author_id=actor.person_id,
            )
        )

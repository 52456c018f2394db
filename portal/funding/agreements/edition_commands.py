"""Keep what the plan says of instalments, so that a past day keeps its conditions."""

from datetime import datetime

from sqlalchemy import select

from portal.funding.agreements import queries
from portal.funding.agreements.models import FundingAgreement, Instalment, InstalmentEdition
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, flush_session


def ensure_signed_instalment_edition(agreement: FundingAgreement, row: Instalment) -> None:
    """Before its first change, write what the plan has said of an instalment since the signature; the
    caller holds the row."""
    editions = select(InstalmentEdition.id).where(InstalmentEdition.instalment_id == row.id)
    if not db.session.scalar(select(editions.exists())):
        _store_edition(None, row, "", agreement.committed_at or clock.now())


def add_instalment_edition(actor: Actor, row: Instalment, reason: str) -> None:
    """Write what the plan says of an instalment from now on, with why it changed."""
    _store_edition(actor, row, reason, clock.now())


def _store_edition(actor: Actor | None, row: Instalment, reason: str, moment: datetime) -> None:
    flush_session()
    documents = queries.list_documents_by_instalment([row]).get(row.id, ())
    db.session.add(
        InstalmentEdition(
            instalment_id=row.id,
            created_at=moment,
            amount_cents=row.amount_cents,
            due_on=row.due_on,
            gates=row.gates,
            documents=[[each.row.name, each.row.due_on and str(each.row.due_on)] for each in documents],
            needs_statement=row.needs_statement,
            reason=reason,
            author_id=actor.person_id if actor else None,
        )
    )

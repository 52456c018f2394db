"""Steps of instalments, and their way back to what is asked; the caller holds the row."""

from collections.abc import Sequence

from portal.funding.agreements.commands import record_funding_event
from portal.funding.agreements.models import Instalment, InstalmentState
from portal.funding.agreements.queries import LoadedInstalment
from portal.funding.instalments.models import InstalmentStep, InstalmentVerb
from portal.funding.ledger.commands import enter_amount
from portal.funding.ledger.models import LedgerAccount
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.project.projects.path_rules import row_path


def add_step(
    actor: Actor | None,
    row: Instalment,
    verb: InstalmentVerb,
    reason: str = "",
    *,
    amount_cents: int | None = None,
    gates: Sequence[int] | None = None,
) -> None:
    """Append a step to the history of an instalment; `gates` are those that it waits for."""
    db.session.add(
        InstalmentStep(
            instalment_id=row.id,
            verb=verb,
            amount_cents=row.amount_cents if amount_cents is None else amount_cents,
            reason=reason,
            person_id=actor.person_id if actor else None,
            gates=gates,
        )
    )


def set_instalment_state(row: Instalment, state: InstalmentState) -> None:
    """Give an instalment a state, since now."""
    row.state, row.turn_since = state, clock.now()


def withdraw_instalment_check(actor: Actor, row: Instalment, *, checked_cents: int, reason: str = "") -> None:
    """Take an instalment that was checked back to asked: something changed since."""
    enter_amount(actor, row, LedgerAccount.CHECKED, -checked_cents, reason=reason)
    row.checked_by_id, row.checked_fingerprint = None, ""
    set_instalment_state(row, InstalmentState.REQUESTED)
    add_step(actor, row, InstalmentVerb.REOPENED, reason)


def record_instalment_event(actor: Actor, action: audit.Action, loaded: LoadedInstalment) -> None:
    """Append an event about an instalment, whose page it leads to."""
    project, _agreement, row = loaded
    record_funding_event(actor, action, row, project, path=row_path(project, row), number=row.number)

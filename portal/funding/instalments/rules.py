"""What an instalment still lacks, and whose turn it is. Pure, but for the day."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from portal.funding.agreements.condition_rules import GateForPayment, NeededDocument
from portal.funding.agreements.models import FundingAgreement, Instalment, InstalmentState
from portal.funding.instalments.models import InstalmentStep, InstalmentVerb
from portal.platform.kernel import clock
from portal.project.projects.models import ProjectState


class LackKind(StrEnum):
    GATE = "gate"
    STALE_GATE = "stale_gate"
    DOCUMENT = "document"
    STATEMENT = "statement"
    CERTIFICATE = "certificate"


@dataclass(frozen=True)
class InstalmentLack:
    """Something that is missing: a gate by its number, or a document by its name."""

    kind: LackKind
    gate: int = 0
    name: str = ""
    due_on: date | None = None


class InstalmentTurn(StrEnum):
    """Whose turn it is."""

    TEAM = "team"
    OPERATOR = "operator"
    PAYER = "payer"  # an operator who did not check it
    NOBODY = "nobody"


TURNS: Mapping[InstalmentState, InstalmentTurn] = {
    InstalmentState.PLANNED: InstalmentTurn.TEAM,
    InstalmentState.REQUESTED: InstalmentTurn.OPERATOR,
    InstalmentState.RETURNED: InstalmentTurn.TEAM,
    InstalmentState.CHECKED: InstalmentTurn.PAYER,
    InstalmentState.PAID: InstalmentTurn.NOBODY,
    InstalmentState.REFUSED: InstalmentTurn.NOBODY,
}
ASKABLE = frozenset({InstalmentState.PLANNED, InstalmentState.RETURNED})
STANDING = frozenset(
    {InstalmentVerb.RETURNED, InstalmentVerb.REFUSED, InstalmentVerb.DEFERRED, InstalmentVerb.FAILED}
)
EXPENSES = frozenset({InstalmentVerb.STATED, InstalmentVerb.CERTIFIED})
UNDER_REVIEW = frozenset({InstalmentState.REQUESTED, InstalmentState.CHECKED})


STANDSTILLS = frozenset({ProjectState.PAUSED, ProjectState.STOPPED})  # nothing is expected meanwhile


def find_whose_turn(agreement: FundingAgreement, row: Instalment) -> InstalmentTurn:
    """Return whose turn it is: nobody's before the amount is committed, and once the agreement is closed,
    but for a payment that came back."""
    if not agreement.is_open and not (agreement.is_committed and row.state is InstalmentState.CHECKED):
        return InstalmentTurn.NOBODY
    return TURNS[row.state]


def is_no_longer_owed(agreement: FundingAgreement, row: Instalment) -> bool:
    """Whether nothing of an instalment is owed any more, since its agreement was closed before."""
    return not agreement.is_prepared_or_in_force and row.state in ASKABLE


def list_barred_person_ids(row: Instalment) -> frozenset[UUID]:
    """Return who may not take the next step of an operator, since they took an earlier one."""
    return frozenset(id_ for id_ in (row.asked_by_id, row.checked_by_id) if id_)


def find_unresolved_step(steps: Iterable[InstalmentStep]) -> InstalmentStep | None:
    """Return what somebody said that the instalment still waits for, or was refused for, from its steps,
    latest first: it stands until the instalment is asked, checked or paid; expenses change nothing."""
    step = next((each for each in steps if each.verb not in EXPENSES), None)
    return step if step and step.verb in STANDING else None


def list_lacks(
    instalment: Instalment, gates: Mapping[int, GateForPayment], documents: Iterable[NeededDocument]
) -> Sequence[InstalmentLack]:
    """Return what stands in the way of asking for an instalment, gates first."""
    lacks = []
    for number in instalment.gates:
        gate = gates.get(number)
        if gate is None or not gate.is_met:
            is_stale = gate is not None and gate.is_stale
            kind = LackKind.STALE_GATE if is_stale else LackKind.GATE
            lacks.append(InstalmentLack(kind, gate=number, due_on=gate.due_on if gate else None))
    lacks += [
        InstalmentLack(LackKind.DOCUMENT, name=document.row.name, due_on=document.row.due_on)
        for document in documents
        if not document.is_handed_in
    ]
    if instalment.needs_statement and instalment.statement_by_id is None:
        lacks.append(InstalmentLack(LackKind.STATEMENT))
    elif instalment.needs_statement and instalment.certified_by_id is None:
        lacks.append(InstalmentLack(LackKind.CERTIFICATE))
    return lacks


def list_unmet_gates(lacks: Iterable[InstalmentLack]) -> Sequence[int]:
    """Return the numbers of the gates among what is missing."""
    return [lack.gate for lack in lacks if lack.kind in {LackKind.GATE, LackKind.STALE_GATE}]


def list_held_gates(
    step: InstalmentStep | None, unmet_gates: Iterable[int], accepted_at: Mapping[int, datetime]
) -> Sequence[int]:
    """Return for which gates an operator put an instalment off, from its last step: those that are still to
    be accepted, and that were not accepted, nor waived, in between."""
    if step is None or step.verb is not InstalmentVerb.DEFERRED:
        return ()
    since = step.created_at
    return [n for n in unmet_gates if n in (step.gates or ()) and accepted_at.get(n, since) <= since]


def find_day_awaited_by_payment(agreement: FundingAgreement, row: Instalment) -> date | None:
    """Return the day before which an instalment is not paid; None once it has come."""
    days = [day for day in (row.due_on, agreement.starts_on) if day and day > clock.today()]
    return max(days, default=None)


def fingerprint_instalment(instalment: Instalment, documents: Iterable[NeededDocument]) -> str:
    """Return the SHA-256 of what a check looks at: the amount and each document's content."""
    contents = [(d.row.position, d.row.name, d.row.sha256, d.is_gone) for d in documents]
    checked_values = [instalment.amount_cents, instalment.statement_cents, contents]
    return hashlib.sha256(json.dumps(checked_values).encode()).hexdigest()


def forecast_payment_day_range(
    due_on: date | None, numbers: Iterable[int], gates: Mapping[int, GateForPayment], today: date
) -> tuple[date, date | None]:
    """Return the days, expected and latest, on which the last gate of an instalment lets it be paid;
    its own date counts where it is later. The latest is None while a gate has no range yet."""
    expected = latest = max(due_on or today, today)
    has_range = True
    for number in numbers:
        gate = gates.get(number)
        if gate is not None and not gate.is_met:
            day = gate.expected_on or max(gate.due_on, today)
            expected, latest = max(expected, day), max(latest, gate.latest_on or day)
            has_range = has_range and gate.latest_on is not None
    return expected, latest if has_range else None

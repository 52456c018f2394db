"""Instalments with what they lack, and their history. The caller was allowed to see the project."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from portal.funding.agreements import queries
from portal.funding.agreements.condition_rules import GateForPayment, NeededDocument
from portal.funding.agreements.gate_queries import read_gates_by_project
from portal.funding.agreements.models import Instalment, InstalmentEdition
from portal.funding.instalments.models import InstalmentStep, InstalmentVerb, PaymentRecovery
from portal.funding.instalments.rules import EXPENSES, InstalmentLack, list_lacks, list_unmet_gates
from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from portal.project.projects.models import Project


@dataclass(frozen=True)
class InstalmentWithNeeds:
    """An instalment with its gates and documents, and what it lacks; `has_failed`: its payment came back,
    and it is to pay again."""

    row: Instalment
    gates: Mapping[int, GateForPayment]
    documents: Sequence[NeededDocument]
    has_failed: bool = False

    @property
    def lacks(self) -> Sequence[InstalmentLack]:
        return list_lacks(self.row, self.gates, self.documents)

    @property
    def unmet_gates(self) -> Sequence[int]:
        return list_unmet_gates(self.lacks)


def read_instalment_with_needs(project: Project, row: Instalment) -> InstalmentWithNeeds:
    """One instalment with what it lacks; a constant number of statements."""
    gates = read_gates_by_project([project]).get(project.id, {})
    documents = queries.list_documents_by_instalment([row]).get(row.id, ())
    return InstalmentWithNeeds(row, gates, documents, row.id in list_failed_payment_ids([row]))


def read_instalments_with_needs(project: Project) -> Sequence[InstalmentWithNeeds]:
    """All instalments of a project, in their order; a constant number of statements."""
    rows = queries.list_instalments(project)
    gates = read_gates_by_project([project]).get(project.id, {}) if rows else {}
    documents = queries.list_documents_by_instalment(rows)
    failed = list_failed_payment_ids(rows)
    return [InstalmentWithNeeds(row, gates, documents.get(row.id, ()), row.id in failed) for row in rows]


def list_failed_payment_ids(rows: Sequence[Instalment]) -> frozenset[UUID]:
    """The instalments whose payment came back, and that are to pay again."""
    statement = (
        select(InstalmentStep.instalment_id, InstalmentStep.verb)
        .where(
            InstalmentStep.instalment_id.in_([row.id for row in rows]),
            InstalmentStep.verb.not_in(EXPENSES),
        )
        .order_by(InstalmentStep.id)
    )
    last = {line[0]: line[1] for line in db.session.execute(statement)}
    return frozenset(id_ for id_, verb in last.items() if verb is InstalmentVerb.FAILED)


def list_steps(row: Instalment) -> Sequence[tuple[InstalmentStep, str]]:
    """The history of an instalment, latest first, each step with its person ("" for the portal)."""
    statement = (
        select(InstalmentStep, Person.name)
        .outerjoin(Person, Person.id == InstalmentStep.person_id)
        .where(InstalmentStep.instalment_id == row.id)
        .order_by(InstalmentStep.id.desc())
    )
    return [(line[0], line[1] or "") for line in db.session.execute(statement)]


def find_last_check_day(row: Instalment) -> date | None:
    """The day of the last check of an instalment."""
    statement = select(func.max(InstalmentStep.created_at)).where(
        InstalmentStep.instalment_id == row.id, InstalmentStep.verb == InstalmentVerb.CHECKED
    )
    checked_at = db.session.scalar(statement)
    return checked_at and clock.day_of(checked_at)


def find_open_recovery(row: Instalment) -> PaymentRecovery | None:
    """The recovery that is announced and neither noted nor dropped."""
    statement = select(PaymentRecovery).where(
        PaymentRecovery.instalment_id == row.id,
        PaymentRecovery.booked_on.is_(None),
        PaymentRecovery.dropped_at.is_(None),
    )
    return db.session.scalar(statement)


def list_recoveries(row: Instalment) -> Sequence[PaymentRecovery]:
    """All recoveries of an instalment, latest first."""
    statement = select(PaymentRecovery).where(PaymentRecovery.instalment_id == row.id)
    return db.session.scalars(statement.order_by(PaymentRecovery.id.desc())).all()


def list_editions(row: Instalment) -> Sequence[InstalmentEdition]:
    """What the plan said of an instalment, the first one first; none before its first change."""
    statement = select(InstalmentEdition).where(InstalmentEdition.instalment_id == row.id)
    return db.session.scalars(statement.order_by(InstalmentEdition.created_at, InstalmentEdition.id)).all()


def read_history_person_names(
    editions: Iterable[InstalmentEdition], recoveries: Iterable[PaymentRecovery]
) -> Mapping[UUID, str]:
    """The names of those who changed the plan, or took part in a recovery."""
    ids = {each.author_id for each in editions}
    for each in recoveries:
        ids |= {each.announced_by_id, each.observed_by_id, each.booked_by_id, each.dropped_by_id}
    rows = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(ids - {None})))
    return {row[0]: row[1] for row in rows}

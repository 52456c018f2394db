"""Instalments with what they lack, and their history. The caller was allowed to see the project."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from portal.funding.agreements import queries
from portal.funding.agreements.condition_rules import GateForPayment, NeededDocument
from portal.funding.agreements.gate_queries import (
    GatesByProject,
    read_gates_by_project,
    read_last_acceptances,
)
from portal.funding.agreements.models import Instalment, InstalmentEdition
from portal.funding.instalments.models import InstalmentStep, InstalmentVerb, PaymentRecovery
from portal.funding.instalments.rules import (
    EXPENSES,
    InstalmentLack,
    list_held_gates,
    list_lacks,
    list_unmet_gates,
)
from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from portal.project.projects.models import Project


@dataclass(frozen=True)
class InstalmentWithNeeds:
    """An instalment with its gates and documents, and what it lacks; `last_verb` is what was done
    last, expenses aside; `held_gates` are those for which an operator put it off."""

    row: Instalment
    gates: Mapping[int, GateForPayment]
    documents: Sequence[NeededDocument]
    last_verb: InstalmentVerb | None = None
    held_gates: Sequence[int] = ()

    @property
    def has_failed(self) -> bool:
        """Whether its payment came back, and it is to pay again."""
        return self.last_verb is InstalmentVerb.FAILED

    @property
    def is_on_hold(self) -> bool:
        """Whether an operator waits for a gate of it, which is still to be accepted again."""
        return bool(self.held_gates)

    @property
    def lacks(self) -> Sequence[InstalmentLack]:
        return list_lacks(self.row, self.gates, self.documents)

    @property
    def unmet_gates(self) -> Sequence[int]:
        return list_unmet_gates(self.lacks)


def read_instalment_with_needs(project: Project, row: Instalment) -> InstalmentWithNeeds:
    """One instalment with what it lacks; a constant number of statements."""
    return _read_needs(project, [row])[0]


def read_instalments_with_needs(project: Project) -> Sequence[InstalmentWithNeeds]:
    """All instalments of a project, in their order; a constant number of statements."""
    return _read_needs(project, queries.list_instalments(project))


def _read_needs(project: Project, rows: Sequence[Instalment]) -> Sequence[InstalmentWithNeeds]:
    gates = read_gates_by_project([project]).get(project.id, {}) if rows else {}
    documents = queries.list_documents_by_instalment(rows)
    steps = _map_last_steps(rows)
    held_gates = map_held_gates([(project, row, steps.get(row.id)) for row in rows], {project.id: gates})
    return [
        InstalmentWithNeeds(
            row,
            gates,
            documents.get(row.id, ()),
            steps[row.id].verb if row.id in steps else None,
            held_gates.get(row.id, ()),
        )
        for row in rows
    ]


def last_step_id_subquery() -> Any:
    """The last step of an `Instalment` of a statement, expenses aside; NULL for none yet."""
    statement = select(InstalmentStep.id).where(
        InstalmentStep.instalment_id == Instalment.id, InstalmentStep.verb.not_in(EXPENSES)
    )
    return statement.order_by(InstalmentStep.id.desc()).limit(1).correlate(Instalment).scalar_subquery()


def _map_last_steps(rows: Sequence[Instalment]) -> Mapping[UUID, InstalmentStep]:
    statement = (
        select(InstalmentStep)
        .join(Instalment, InstalmentStep.id == last_step_id_subquery())
        .where(Instalment.id.in_([row.id for row in rows]))
    )
    return {step.instalment_id: step for step in db.session.scalars(statement)}


def map_held_gates(
    lines: Iterable[tuple[Project, Instalment, InstalmentStep | None]], gates: GatesByProject
) -> Mapping[UUID, Sequence[int]]:
    """By instalment that was put off, the gates for which it still is, from its last step; one statement
    where there are any."""
    deferred = [line for line in lines if line[2] and line[2].verb is InstalmentVerb.DEFERRED]
    accepted = read_last_acceptances({project.id for project, *_ in deferred}) if deferred else {}
    return {
        row.id: list_held_gates(
            step,
            list_unmet_gates(list_lacks(row, gates.get(project.id, {}), ())),
            accepted.get(project.id, {}),
        )
        for project, row, step in deferred
    }


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

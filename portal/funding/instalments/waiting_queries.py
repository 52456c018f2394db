"""Instalments of the programmes that a person handles: what waits for the operator, what comes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, or_, select

from portal.funding.agreements import policy
from portal.funding.agreements.condition_rules import GateForPayment
from portal.funding.agreements.gate_queries import read_gates_by_project
from portal.funding.agreements.models import (
    OVER,
    AgreementState,
    FundingAgreement,
    Instalment,
    InstalmentState,
)
from portal.funding.agreements.queries import LoadedInstalment, list_documents_by_instalment
from portal.funding.instalments.models import InstalmentStep, InstalmentVerb, PaymentRecovery
from portal.funding.instalments.pause_queries import outlasts_pause_condition
from portal.funding.instalments.queries import (
    InstalmentWithNeeds,
    last_step_id_subquery,
    map_held_gates,
)
from portal.funding.instalments.rules import (
    STANDSTILLS,
    UNDER_REVIEW,
    list_barred_person_ids,
)
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.project.projects.models import Project
from portal.project.projects.to_decide_queries import WAITING_MAX
from portal.project.projects.to_decide_rules import WaitingLineProject


@dataclass(frozen=True)
class WaitingInstalment:
    """An instalment that an operator checks or pays, as plain values; `blocked_ids` are people who
    may not take the step, since they took the one before; `held_gates` are those for which an operator
    put it off, and that are still to be accepted again."""

    id: UUID
    project: WaitingLineProject
    number: int
    state: InstalmentState
    since: datetime
    blocked_ids: frozenset[UUID]
    held_gates: Sequence[int] = ()


@dataclass(frozen=True)
class WaitingRecovery:
    """A recovery on the instalment `number` that an operator may note since a day, but for who
    announced it."""

    id: UUID
    project: WaitingLineProject
    number: int
    since: date
    announced_by_id: UUID


def list_waiting_instalments(actor: Actor) -> Sequence[WaitingInstalment]:
    """Instalments that were asked or checked, the longest waiting first; for operators. One that is
    checked waits from the day from which it is paid, and not before the agreement begins; that of a paused
    team waits for the team, unless it outlasts the pause."""
    has_come = [
        or_(day.is_(None), day <= clock.today()) for day in (Instalment.due_on, FundingAgreement.starts_on)
    ]
    may_be_paid = or_(Instalment.state != InstalmentState.CHECKED, and_(*has_come))
    statement = (
        select(Instalment, Project, InstalmentStep)
        .join(Project, Project.id == Instalment.project_id)
        .join(FundingAgreement, FundingAgreement.project_id == Project.id)
        .outerjoin(InstalmentStep, InstalmentStep.id == last_step_id_subquery())
        .where(
            Instalment.state.in_(UNDER_REVIEW),
            or_(
                Project.paused_on.is_(None),
                Project.stopped_on.is_not(None),
                Project.finished_on.is_not(None),
                outlasts_pause_condition(clock.now()),
            ),
            policy.operated_by_condition(actor),
            may_be_paid,
        )
        .order_by(Instalment.turn_since, Instalment.id)
        .limit(WAITING_MAX)
    )
    rows = db.session.execute(statement).all()
    deferred = [
        (project, row, step) for row, project, step in rows if step and step.verb is InstalmentVerb.DEFERRED
    ]
    projects = {project.id: project for project, *_ in deferred}
    gates = read_gates_by_project(list(projects.values())) if projects else {}
    held_gates = map_held_gates(deferred, gates)
    return [
        WaitingInstalment(
            row.id,
            WaitingLineProject.of(project),
            row.number,
            row.state,
            row.turn_since,
            list_barred_person_ids(row),
            held_gates.get(row.id, ()),
        )
        for row, project, _step in rows
    ]


def list_recoveries_to_book(actor: Actor) -> Sequence[WaitingRecovery]:
    """Recoveries that may be noted: the team has answered, or its days are over; for operators."""
    if not policy.is_operator(actor):
        return []
    statement = (
        select(PaymentRecovery, Instalment.number, Project)
        .join(Instalment, Instalment.id == PaymentRecovery.instalment_id)
        .join(Project, Project.id == Instalment.project_id)
        .where(
            PaymentRecovery.booked_on.is_(None),
            PaymentRecovery.dropped_at.is_(None),
            policy.operated_by_condition(actor),
        )
        .order_by(PaymentRecovery.id)
        .limit(WAITING_MAX)
    )
    waiting = []
    for row, number, project in db.session.execute(statement):
        if row.may_be_booked_on(clock.today()):
            since = row.answer_until if row.observed_at is None else clock.day_of(row.observed_at)
            waiting.append(
                WaitingRecovery(row.id, WaitingLineProject.of(project), number, since, row.announced_by_id)
            )
    return waiting


def list_coming_instalments(actor: Actor) -> Sequence[tuple[LoadedInstalment, InstalmentWithNeeds]]:
    """Instalments of open agreements that the actor handles and that are not over, of teams that are
    neither paused nor stopped, with what they lack; a constant number of statements."""
    statement = (
        select(Project, FundingAgreement, Instalment)
        .join(FundingAgreement, FundingAgreement.project_id == Project.id)
        .join(Instalment, Instalment.project_id == Project.id)
        .where(
            policy.handled_by_condition(actor),
            FundingAgreement.committed_at.is_not(None),
            FundingAgreement.state != AgreementState.ENDED,
            Instalment.state.not_in(OVER),
        )
        .order_by(Project.organisation_fold, Instalment.number)
    )
    rows = [
        LoadedInstalment(*row) for row in db.session.execute(statement) if row[0].state not in STANDSTILLS
    ]
    projects = {loaded.project.id: loaded.project for loaded in rows}
    gates = read_gates_by_project(list(projects.values())) if projects else {}
    documents = list_documents_by_instalment([loaded.row for loaded in rows])
    empty: Mapping[int, GateForPayment] = {}
    return [
        (
            loaded,
            InstalmentWithNeeds(
                loaded.row,
                gates.get(loaded.project.id, empty),
                documents.get(loaded.row.id, ()),
            ),
        )
        for loaded in rows
    ]

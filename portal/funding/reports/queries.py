"""Read the report of a programme as of a moment, in a constant number of statements."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, select

from portal.funding.agreements.condition_rules import GateForPayment
from portal.funding.agreements.gate_queries import read_gates_by_project
from portal.funding.agreements.models import (
    FundingAgreement,
    Instalment,
    InstalmentEdition,
    InstalmentState,
)
from portal.funding.agreements.policy import can_read_report
from portal.funding.instalments.models import InstalmentStep, InstalmentVerb
from portal.funding.instalments.rules import STANDSTILLS, forecast_payment_day_range
from portal.funding.ledger.models import LedgerAccount, LedgerEntry
from portal.funding.ledger.queries import read_instalment_totals_by_project
from portal.funding.ledger.rules import LedgerTotals
from portal.funding.reports.models import FundingReportFile
from portal.funding.reports.rules import (
    AgreementReferenceNumbers,
    FundingReport,
    ReportedInstalment,
    ReportedTeam,
    find_instalment_state,
)
from portal.people.programmes.models import Programme, Scope
from portal.people.programmes.queries import get_programme
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, get_scalar
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.history import map_past_values_by_row
from portal.platform.kernel.text import format_day, format_moment
from portal.platform.kernel.text import gettext as _
from portal.project.projects.models import Project, ProjectState
from portal.project.projects.past_state_queries import read_past_project_states
from portal.user_tests.rounds.labels import LANGUAGES

FILES_MAX = 20
_NUMBERS = FundingAgreement.number, FundingAgreement.legal_commitment, FundingAgreement.operator_reference
_ONGOING = frozenset({ProjectState.ACTIVE, ProjectState.PAUSED})
_ENDS = (InstalmentVerb.RETURNED, InstalmentVerb.REFUSED, InstalmentVerb.REQUESTED)


class PlannedInstalment(NamedTuple):
    """What the plan says of an instalment: columns, since a report reads hundreds."""

    id: UUID
    project_id: UUID
    number: int
    due_on: date | None
    gates: list[int]


class PaymentTerms(NamedTuple):
    """From which day and until when a team may be paid, and the state of its project, at a moment."""

    first_on: date
    ends_on: date | None
    state: ProjectState


def _as_date(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


_PLANNED = Instalment.id, Instalment.project_id, Instalment.number, Instalment.due_on, Instalment.gates


def get_reported_programme(actor: Actor, slug: str) -> Programme:
    """A programme whose report the actor reads. Raises `NotFound`."""
    programme = get_programme(actor, slug)
    if not can_read_report(actor, programme):
        raise NotFound
    return programme


def read_report(programme: Programme, moment: datetime, day: date) -> FundingReport:
    """The report as of a moment of `day`, from what was in the ledger then."""
    rows = db.session.execute(
        select(Project, FundingAgreement.id, FundingAgreement.starts_on, FundingAgreement.ends_on, *_NUMBERS)
        .join(FundingAgreement, FundingAgreement.project_id == Project.id)
        .where(Project.programme_id == programme.id, FundingAgreement.committed_at <= moment)
        .order_by(Project.organisation_fold, Project.slug)
    ).all()
    projects = [row[0] for row in rows]
    ids = [project.id for project in projects]
    totals, gates = (
        read_instalment_totals_by_project(ids, moment),
        read_gates_by_project(projects, moment) if projects else {},
    )
    verbs, paid_on = (
        _read_last_verb_by_instalment(ids, moment),
        _read_last_payment_day_by_instalment(ids, moment),
    )
    instalments = _list_planned_instalments_by_project(ids, moment)
    states = read_past_project_states(projects, moment)
    then = map_past_values_by_row([row[1] for row in rows], moment)
    teams = []
    for project, agreement_id, starts_on, ends_on, *numbers in rows:
        terms = PaymentTerms(
            max(day, starts_on or day),
            _as_date(then[agreement_id].get("ends_on", ends_on)),
            states[project.id],
        )
        own_totals, own_gates = totals.get(project.id, {}), gates.get(project.id, {})
        teams.append(
            ReportedTeam(
                slug=project.slug,
                name=project.short_name,
                organisation=project.organisation,
                numbers=AgreementReferenceNumbers(*(number or "" for number in numbers)),
                instalments=[
                    _build_reported_instalment(
                        row, own_totals[row.id], own_gates, (verbs.get(row.id), paid_on.get(row.id)), terms
                    )
                    for row in instalments.get(project.id, ())
                    if row.id in own_totals
                ],
                starts_on=starts_on,
            )
        )
    without = _list_names_without_agreement(programme, moment, day, ids)
    return FundingReport(programme.name, programme.slug, day, teams, programme.is_demonstration, without)


def _list_names_without_agreement(
    programme: Programme, moment: datetime, day: date, reported_ids: Sequence[UUID]
) -> Sequence[str]:
    """The teams of a programme whose support had begun on a day and went on at its moment, but those of the
    report."""
    others = (
        select(Project)
        .join(Scope, Scope.id == Project.id)
        .where(Project.programme_id == programme.id, Project.id.not_in(reported_ids))
        .where(Scope.created_at <= moment, Project.starts_on <= day)
    )
    projects = db.session.scalars(others.order_by(Project.organisation_fold, Project.slug)).all()
    states = read_past_project_states(projects, moment)
    return [project.short_name for project in projects if states[project.id] in _ONGOING]


def _build_reported_instalment(
    row: PlannedInstalment,
    totals: LedgerTotals,
    gates: Mapping[int, GateForPayment],
    last: tuple[InstalmentVerb | None, date | None],
    terms: PaymentTerms,
) -> ReportedInstalment:
    verb, paid_on = last
    is_returned, is_refused = verb is InstalmentVerb.RETURNED, verb is InstalmentVerb.REFUSED
    state = find_instalment_state(totals, is_returned=is_returned, is_refused=is_refused)
    days, standstill = None, None
    if state is not InstalmentState.REFUSED and not totals.paid and totals.remaining > 0:
        if terms.state in STANDSTILLS:
            standstill = terms.state
        else:
            days = forecast_payment_day_range(row.due_on, row.gates, gates, terms.first_on)
    return ReportedInstalment(
        number=row.number,
        state=state,
        totals=totals,
        gates=[(number, gates.get(number)) for number in row.gates],
        paid_on=paid_on if totals.paid else None,
        expected_on=days[0] if days else None,
        latest_on=days[1] if days else None,
        is_after_end=bool(days and terms.ends_on and days[0] > terms.ends_on),
        standstill=standstill,
        due_on=row.due_on,
    )


def _list_planned_instalments_by_project(
    project_ids: Sequence[UUID], moment: datetime
) -> Mapping[UUID, Sequence[PlannedInstalment]]:
    """What the plan said of each instalment at a moment."""
    editions = _read_planned_day_and_gates_by_instalment(project_ids, moment)
    statement = select(*_PLANNED).where(Instalment.project_id.in_(project_ids))
    instalments: dict[UUID, list[PlannedInstalment]] = {}
    for row in db.session.execute(statement.order_by(Instalment.project_id, Instalment.number)):
        planned = PlannedInstalment(*row)
        if planned.id in editions:
            due_on, gates = editions[planned.id]
            planned = planned._replace(due_on=due_on, gates=gates)
        instalments.setdefault(row.project_id, []).append(planned)
    return instalments


def _read_planned_day_and_gates_by_instalment(
    project_ids: Sequence[UUID], moment: datetime
) -> Mapping[UUID, tuple[date | None, list[int]]]:
    """The date and the gates of each instalment by its last edition until a moment."""
    statement = (
        select(InstalmentEdition.instalment_id, InstalmentEdition.due_on, InstalmentEdition.gates)
        .join(Instalment, Instalment.id == InstalmentEdition.instalment_id)
        .where(Instalment.project_id.in_(project_ids), InstalmentEdition.created_at <= moment)
        .order_by(InstalmentEdition.created_at, InstalmentEdition.id)
    )
    return {row[0]: (row[1], row[2]) for row in db.session.execute(statement)}


def _read_last_verb_by_instalment(
    project_ids: Sequence[UUID], moment: datetime
) -> Mapping[UUID, InstalmentVerb]:
    """The last of asking, returning and refusing of each instalment, until a moment."""
    statement = (
        select(InstalmentStep.instalment_id, InstalmentStep.verb)
        .join(Instalment, Instalment.id == InstalmentStep.instalment_id)
        .where(
            Instalment.project_id.in_(project_ids),
            InstalmentStep.verb.in_(_ENDS),
            InstalmentStep.created_at <= moment,
        )
        .order_by(InstalmentStep.id)
    )
    return {row[0]: row[1] for row in db.session.execute(statement)}


def _read_last_payment_day_by_instalment(
    project_ids: Sequence[UUID], moment: datetime
) -> Mapping[UUID, date]:
    """The day of the last payment of each instalment, until a moment."""
    statement = (
        select(LedgerEntry.instalment_id, func.max(LedgerEntry.on_day))
        .where(
            LedgerEntry.project_id.in_(project_ids),
            LedgerEntry.account == LedgerAccount.PAID,
            LedgerEntry.amount_cents > 0,
            LedgerEntry.created_at <= moment,
        )
        .group_by(LedgerEntry.instalment_id)
    )
    return {row[0]: row[1] for row in db.session.execute(statement)}


def list_latest_files(programme: Programme) -> Sequence[FundingReportFile]:
    """The latest PDF reports of a programme, without their bytes."""
    statement = select(FundingReportFile).where(FundingReportFile.programme_id == programme.id)
    return db.session.scalars(statement.order_by(FundingReportFile.id.desc()).limit(FILES_MAX)).all()


def describe_files_by_id(ids: Collection[UUID]) -> Mapping[UUID, str]:
    """A line on each of these PDF reports: its day, when it was requested, its language."""
    columns = (FundingReportFile.id, FundingReportFile.as_of_on, FundingReportFile.created_at)
    statement = select(*columns, FundingReportFile.language).where(FundingReportFile.id.in_(ids))
    return {
        id_: _(
            "état au %(day)s, demandé à %(hour)s (%(language)s)",
            day=format_day(as_of_on),
            hour=format_moment(created_at, "HH:mm"),
            language=LANGUAGES[language],
        )
        for id_, as_of_on, created_at, language in db.session.execute(statement)
    }


def get_file(programme: Programme, id_: UUID) -> FundingReportFile:
    """A PDF report of a programme. Raises `NotFound`."""
    own = FundingReportFile.programme_id == programme.id, FundingReportFile.id == id_
    return get_scalar(select(FundingReportFile).where(*own))


def find_programme(programme_id: UUID) -> Programme | None:
    """Any programme by id: for the worker only."""
    return db.session.get(Programme, programme_id)

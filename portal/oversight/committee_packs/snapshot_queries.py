"""Teams as of a moment, for the pages of a pack: from append-only rows, and from editable rows with
their past values of the audit trail."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.ethics.risks.commands import REOPENED
from portal.ethics.risks.level_rules import RiskLevel, find_level
from portal.ethics.risks.models import Risk
from portal.oversight.decisions.awaited_queries import list_open_question_texts_by_project
from portal.oversight.gates.forecast_rules import GateForecast, LatenessIncrements
from portal.oversight.gates.queries import read_histories_until, read_project_gate_histories
from portal.oversight.gates.reference_queries import References, read_reference_titles
from portal.oversight.gates.state_rules import (
    GateHistory,
    GateSnapshot,
    derive_states_as_of,
    list_unsettled_references,
)
from portal.oversight.health import queries as health
from portal.oversight.health.state_rules import HealthSnapshot
from portal.oversight.portfolio.past_owed_queries import WaitingEntry, list_past_waiting_entries
from portal.people.programmes.models import Programme, Scope, support_month_of
from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from portal.platform.kernel.history import PastValues, map_past_values_by_row
from portal.project.projects.models import Project
from portal.sprints.ceremonies.models import Demonstration
from portal.sprints.prototypes.models import PrototypeVersion
from portal.user_tests.findings.models import Finding


@dataclass(frozen=True)
class ProjectIdentity:
    """The names and dates of a project at the moment, and why it was stopped, if it was."""

    slug: str
    organisation: str
    acronym: str
    title_fr: str
    title_en: str
    starts_on: date
    ends_on: date
    stop_reason: str
    learnings: str


@dataclass(frozen=True)
class PastDemonstration:
    """A demonstration; `outside` counts people from outside the team."""

    on: date
    outside: int
    version: int | None
    decisions: str


@dataclass(frozen=True)
class SevereFinding:
    """A finding that was open and severe at the moment."""

    number: int
    severity: int
    description: str
    since: date


@dataclass(frozen=True)
class HighRisk:
    """A risk that was open and high at the moment; without its text: the trail keeps no past texts."""

    number: int
    likelihood: int
    severity: int
    since: date


@dataclass(frozen=True)
class PackTeam:
    """A project at a moment. `health` None: it had no reading by then. `references` name what its
    gates refer to."""

    id: UUID
    identity: ProjectIdentity
    health: HealthSnapshot | None
    gates: Sequence[GateSnapshot]
    forecast: Sequence[GateForecast]
    demonstration: PastDemonstration | None
    severe: Sequence[SevereFinding]
    high: Sequence[HighRisk]
    awaited: Sequence[str]  # decisions, the oldest first
    waiting: Sequence[WaitingEntry]  # all that waits for the programme's leads
    references: References


@dataclass(frozen=True)
class PackCohort:
    """All teams of a programme at a moment; `order` has those that need attention first.

    `month` is that of the day, of `months`; forecasts use its `steps`.
    """

    programme: Programme
    name_fr: str
    name_en: str
    starts_on: date
    month: int
    months: int
    names: Mapping[UUID, ProjectIdentity]
    health: Mapping[UUID, HealthSnapshot]
    order: Sequence[UUID]
    steps: LatenessIncrements
    awaited: Mapping[UUID, Sequence[str]]  # decisions, by project, the oldest first
    waiting: Mapping[UUID, Sequence[WaitingEntry]]  # all that waits for the programme's leads, by project


def read_cohort(programme_id: UUID, moment: datetime, day: date) -> PackCohort:
    """The teams of a programme, in a constant number of statements."""
    programme = db.session.scalars(select(Programme).where(Programme.id == programme_id)).one()
    statement = (
        select(Project)
        .join(Scope, Scope.id == Project.id)
        .where(Project.programme_id == programme_id, Scope.created_at <= moment)
    )
    projects = db.session.scalars(statement).all()
    then = map_past_values_by_row([programme_id, *(project.id for project in projects)], moment)
    names = {project.id: _build_identity_at(project, then[project.id]) for project in projects}
    states = health.read_states(list(names), moment, day)

    def order_by_need(id_: UUID) -> tuple[int, str, str]:
        level = states[id_].level if id_ in states else 0
        return -level, names[id_].organisation.casefold(), names[id_].slug

    own = then[programme_id]
    months = own.get("months", programme.months)
    starts_on = _as_date(own.get("starts_on", programme.starts_on))
    return PackCohort(
        programme,
        own.get("name_fr", programme.name_fr),
        own.get("name_en", programme.name_en),
        starts_on,
        support_month_of(starts_on, months, day),
        months,
        names,
        states,
        sorted(names, key=order_by_need),
        health.compute_lateness_increments(states.values()),
        list_open_question_texts_by_project(list(names), moment),
        list_past_waiting_entries(states, moment, clock.DEFAULT_ZONE),
    )


def _build_identity_at(project: Project, then: PastValues) -> ProjectIdentity:
    return ProjectIdentity(
        project.slug,
        *(then.get(name, getattr(project, name)) for name in _IDENTITY_FIELDS),
        *(_as_date(then.get(name, getattr(project, name))) for name in ("starts_on", "ends_on")),
        *(then.get(name, getattr(project, name)) or "" for name in ("stop_reason", "learnings")),
    )


_IDENTITY_FIELDS = ("organisation", "acronym", "title_fr", "title_en")


def _as_date(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def read_teams(cohort: PackCohort, ids: Sequence[UUID], moment: datetime, day: date) -> Sequence[PackTeam]:
    """Some teams with the content of their pages, in a constant number of statements."""
    project_rows = db.session.scalars(select(Project).where(Project.id.in_(ids))).all()
    projects = {project.id: project for project in project_rows}
    histories = read_histories_until(project_rows, moment)
    demonstrations = _read_last_demonstrations(ids, moment, day)
    severe = _read_severe_findings(cohort, ids, moment)
    high = _read_high_risks(ids, moment)
    states = {
        id_: derive_states_as_of(histories[id_], moment, _get_health_day(cohort, projects[id_], day))
        for id_ in ids
    }
    references = read_reference_titles({id_: list_unsettled_references(states[id_]) for id_ in ids}, moment)
    return [
        PackTeam(
            id_,
            cohort.names[id_],
            cohort.health.get(id_),
            states[id_],
            cohort.health[id_].forecast(cohort.steps) if id_ in cohort.health else (),
            demonstrations.get(id_),
            severe.get(id_, ()),
            high.get(id_, ()),
            cohort.awaited.get(id_, ()),
            cohort.waiting.get(id_, ()),
            references.get(id_, {}),
        )
        for id_ in ids
    ]


def read_gate_histories(ids: Sequence[UUID]) -> Mapping[UUID, GateHistory]:
    """All evaluations and decisions on the gates of projects."""
    return read_project_gate_histories(db.session.scalars(select(Project).where(Project.id.in_(ids))).all())


def _get_health_day(cohort: PackCohort, project: Project, day: date) -> date:
    state = cohort.health.get(project.id)
    return state.day if state else day


def _read_last_demonstrations(
    ids: Sequence[UUID], moment: datetime, day: date
) -> Mapping[UUID, PastDemonstration]:
    """The last demonstration of each project."""
    statement = (
        select(Demonstration, PrototypeVersion.number)
        .outerjoin(PrototypeVersion, PrototypeVersion.id == Demonstration.prototype_version_id)
        .where(Demonstration.project_id.in_(ids), Demonstration.created_at <= moment)
        .order_by(Demonstration.number)
    )
    rows = db.session.execute(statement).all()
    then = map_past_values_by_row([row[0].id for row in rows], moment)
    last: dict[UUID, PastDemonstration] = {}
    for row, version in rows:
        was = then[row.id]
        on = _as_date(was.get("held_on", row.held_on))
        before = last.get(row.project_id)
        if on <= day and (before is None or on >= before.on):
            last[row.project_id] = PastDemonstration(
                on,
                sum(was.get(name, getattr(row, name)) for name in _OUTSIDE_FIELDS),
                was.get("shown", version),
                was.get("decisions", row.decisions) or "",
            )
    return last


_OUTSIDE_FIELDS = ("agents", "citizens", "management", "support", "coaches", "others")


def _read_severe_findings(
    cohort: PackCohort, ids: Sequence[UUID], moment: datetime
) -> Mapping[UUID, Sequence[SevereFinding]]:
    """The findings that were open and severe in the health reading, the gravest first."""
    open_findings = {
        (id_, finding.number): finding
        for id_ in ids
        if id_ in cohort.health
        for finding in cohort.health[id_].facts.findings
    }
    numbers = {number for _id, number in open_findings}
    statement = select(Finding.id, Finding.project_id, Finding.number, Finding.what).where(
        Finding.project_id.in_(ids), Finding.number.in_(numbers)
    )
    rows = [row for row in db.session.execute(statement) if (row[1], row[2]) in open_findings]
    then = map_past_values_by_row([row[0] for row in rows], moment)
    findings: dict[UUID, list[SevereFinding]] = defaultdict(list)
    for id_, project_id, number, text in rows:
        open_finding = open_findings[project_id, number]
        description = then[id_].get("what", text)
        findings[project_id].append(
            SevereFinding(number, open_finding.severity, description, open_finding.since)
        )
    return {
        id_: sorted(team_findings, key=lambda finding: (-finding.severity, finding.since, finding.number))
        for id_, team_findings in findings.items()
    }


def _read_high_risks(ids: Sequence[UUID], moment: datetime) -> Mapping[UUID, Sequence[HighRisk]]:
    statement = select(Risk).where(Risk.project_id.in_(ids), Risk.created_at <= moment)
    risks = db.session.scalars(statement.order_by(Risk.number)).all()
    then = map_past_values_by_row([row.id for row in risks], moment)
    high_risks: dict[UUID, list[HighRisk]] = defaultdict(list)
    for risk in risks:
        high = _build_high_risk(risk, then[risk.id], moment)
        if high is not None:
            high_risks[risk.project_id].append(high)
    return high_risks


def _build_high_risk(risk: Risk, then: PastValues, moment: datetime) -> HighRisk | None:
    is_closed = risk.closed_at is not None and risk.closed_at <= moment
    if is_closed or then.get("") == REOPENED.code:
        return None
    steps = {name: then.get(name, getattr(risk, name)) for name in _RISK_FIELDS}
    likelihood = steps["residual_likelihood"] or steps["likelihood"]
    severity = steps["residual_severity"] or steps["severity"]
    if find_level(likelihood, severity) is not RiskLevel.HIGH:
        return None
    return HighRisk(risk.number, likelihood, severity, clock.day_of(risk.created_at))


_RISK_FIELDS = ("likelihood", "severity", "residual_likelihood", "residual_severity")

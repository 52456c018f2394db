"""Teams as of a moment, for the pages of a pack: from append-only rows, and from editable rows with
their past values of the audit trail."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.oversight.committee_packs.open_issue_queries import (
    HighRisk,
    SevereFinding,
    read_high_risks,
    read_severe_findings,
)
from portal.oversight.decisions.awaited_queries import list_open_questions_by_project
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
from portal.oversight.health.definition_rules import HealthLevel
from portal.oversight.health.state_rules import HealthSnapshot
from portal.oversight.portfolio.attention_rules import TeamAttentionLevel
from portal.oversight.portfolio.models import ListedProject
from portal.oversight.portfolio.past_owed_queries import WaitingEntry, list_past_waiting_entries
from portal.oversight.portfolio.past_queries import build_team_as_of, order_by_attention, order_by_name
from portal.oversight.portfolio.team_queries import PortfolioTeam
from portal.people.programmes.models import Programme, Scope, support_month_of
from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from portal.platform.kernel.history import PastValues, map_past_values_by_row
from portal.project.projects.models import Project
from portal.sprints.ceremonies.models import Demonstration
from portal.sprints.prototypes.models import PrototypeVersion


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
    lines: Mapping[UUID, PortfolioTeam]  # of the portfolio of that day, for those with a health reading
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
    questions = list_open_questions_by_project(list(names), moment)
    lines = {
        project.id: build_team_as_of(
            _build_listed_project(project, names[project.id]),
            states[project.id],
            {},  # its reasons come from its health
            day,
            questions.get(project.id, ()),
        )
        for project in projects
        if project.id in states
    }
    ranked = [line.project.id for line in sorted(lines.values(), key=_order_by_need)]
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
        lines,
        [*ranked, *sorted(set(names) - set(lines), key=lambda id_: names[id_].slug)],
        health.compute_lateness_increments(states.values()),
        {id_: [each.text for each in of_team if not each.is_help] for id_, of_team in questions.items()},
        list_past_waiting_entries(states, moment, clock.DEFAULT_ZONE),
    )


def _order_by_need(line: PortfolioTeam) -> tuple[Any, ...]:
    """As the portfolio; of the teams without a reason to look at them, those too early to tell last."""
    is_too_early = (
        line.level is TeamAttentionLevel.FINE
        and line.state is not None
        and line.state.level is HealthLevel.UNKNOWN
    )
    rests, *rest = order_by_attention(line)
    return rests, is_too_early, *rest, order_by_name(line)


def _build_listed_project(project: Project, identity: ProjectIdentity) -> ListedProject:
    """The project under its names of then; its state comes from its health."""
    named = (identity.slug, identity.organisation, identity.acronym, identity.title_fr, identity.title_en)
    return ListedProject(
        project.id,
        project.programme_id,
        *named,
        identity.starts_on,
        state=project.state,
        rests_since=None,
        stop_reason=identity.stop_reason,
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
    severe = read_severe_findings(cohort.health, ids, moment)
    high = read_high_risks(ids, moment)
    states = {
        id_: derive_states_as_of(histories[id_], moment, _get_health_day(cohort, projects[id_], day))
        for id_ in ids
    }
    references = read_reference_titles(
        {id_: _leave_panels_out(list_unsettled_references(states[id_])) for id_ in ids}, moment
    )
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


def _leave_panels_out(references: Iterable[str]) -> frozenset[str]:
    """The title of a panel is the names of its members, and a pack names nobody."""
    return frozenset(each for each in references if not each.startswith("panel/"))


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

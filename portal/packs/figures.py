"""What a page says of a team, as it was at a moment: from what is only ever appended to, and from
rows as the trail says they were."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.ceremonies.models import Demonstration
from portal.findings.models import Finding
from portal.gates.queries import read_histories, read_whole_histories
from portal.gates.standing import History, State, as_of
from portal.health import queries as health
from portal.health.forecast import Cohort as Spread
from portal.health.forecast import Forecast
from portal.health.standing import State as Health
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.hindsight import Then, changed_since
from portal.programmes.models import Programme, Scope, month_of
from portal.projects.models import Project
from portal.prototypes.models import PrototypeVersion
from portal.risks.commands import REOPENED
from portal.risks.levels import Level, level_of
from portal.risks.models import Risk


@dataclass(frozen=True)
class Named:
    """A project under the name that it had; where it was stopped, why, and what it taught."""

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
class Shown:
    """A demonstration: to how many people from outside the team, of which version."""

    on: date
    outside: int
    version: int | None
    decisions: str


@dataclass(frozen=True)
class Severe:
    """A finding that was open and severe."""

    number: int
    severity: int
    what: str
    since: date


@dataclass(frozen=True)
class High:
    """A risk that was open and high, with the steps it stood on. Its text is not here: the trail
    does not keep what risks said before."""

    number: int
    likelihood: int
    severity: int
    since: date


@dataclass(frozen=True)
class Team:
    """A project at a moment. `health` None: nothing was known of it by then."""

    id: UUID
    named: Named
    health: Health | None
    gates: Sequence[State]
    forecast: Sequence[Forecast]
    shown: Shown | None
    severe: Sequence[Severe]
    high: Sequence[High]


@dataclass(frozen=True)
class Cohort:
    """All teams of a programme at a moment, those that need attention first. `month` is that of
    the day, of `months`; `spread` is how late its gates were passed, which forecasts rest on."""

    programme: Programme
    name_fr: str
    name_en: str
    month: int
    months: int
    names: Mapping[UUID, Named]
    health: Mapping[UUID, Health]
    order: Sequence[UUID]
    spread: Spread


def read_cohort(programme_id: UUID, moment: datetime, day: date) -> Cohort:
    """In a constant number of statements, however many teams there are."""
    programme = db.session.scalars(select(Programme).where(Programme.id == programme_id)).one()
    mine = (
        select(Project)
        .join(Scope, Scope.id == Project.id)
        .where(Project.programme_id == programme_id, Scope.created_at <= moment)
    )
    projects = db.session.scalars(mine).all()
    then = changed_since([programme_id, *(one.id for one in projects)], moment)
    names = {one.id: _named(one, then[one.id]) for one in projects}
    known = health.states_of(list(names), moment, day)

    def need(id_: UUID) -> tuple[int, str, str]:
        level = known[id_].level if id_ in known else 0
        return -level, names[id_].organisation.casefold(), names[id_].slug

    own = then[programme_id]
    months = own.get("months", programme.months)
    return Cohort(
        programme,
        own.get("name_fr", programme.name_fr),
        own.get("name_en", programme.name_en),
        month_of(_day(own.get("starts_on", programme.starts_on)), months, day),
        months,
        names,
        known,
        sorted(names, key=need),
        health.cohort_as_of(known.values()),
    )


def _named(project: Project, then: Then) -> Named:
    return Named(
        project.slug,
        *(then.get(name, getattr(project, name)) for name in _TEXTS),
        *(_day(then.get(name, getattr(project, name))) for name in ("starts_on", "ends_on")),
        *(then.get(name, getattr(project, name)) or "" for name in ("stop_reason", "learnings")),
    )


_TEXTS = ("organisation", "acronym", "title_fr", "title_en")


def _day(kept: Any) -> date:
    return kept if isinstance(kept, date) else date.fromisoformat(kept)


def read_teams(cohort: Cohort, ids: Sequence[UUID], moment: datetime, day: date) -> Sequence[Team]:
    """Some of them with all that their pages say: as many statements for one as for fifty."""
    found = db.session.scalars(select(Project).where(Project.id.in_(ids))).all()
    projects = {one.id: one for one in found}
    histories = read_histories(found, moment)
    shown, severe = _demonstrations(ids, moment, day), _findings(cohort, ids, moment)
    high = _risks(ids, moment)
    return [
        Team(
            id_,
            cohort.names[id_],
            cohort.health.get(id_),
            as_of(histories[id_], moment, _last_day(cohort, projects[id_], day)),
            cohort.health[id_].forecast(cohort.spread) if id_ in cohort.health else (),
            shown.get(id_),
            severe.get(id_, ()),
            high.get(id_, ()),
        )
        for id_ in ids
    ]


def read_whole(ids: Sequence[UUID]) -> Mapping[UUID, History]:
    """All that was ever judged and decided of projects."""
    return read_whole_histories(
        db.session.scalars(select(Project).where(Project.id.in_(ids))).all()
    )


def _last_day(cohort: Cohort, project: Project, day: date) -> date:
    known = cohort.health.get(project.id)
    return known.day if known else day


def _demonstrations(ids: Sequence[UUID], moment: datetime, day: date) -> Mapping[UUID, Shown]:
    """The last one of each project."""
    mine = (
        select(Demonstration, PrototypeVersion.number)
        .outerjoin(PrototypeVersion, PrototypeVersion.id == Demonstration.prototype_version_id)
        .where(Demonstration.project_id.in_(ids), Demonstration.created_at <= moment)
        .order_by(Demonstration.number)
    )
    found = db.session.execute(mine).all()
    then = changed_since([row[0].id for row in found], moment)
    last: dict[UUID, Shown] = {}
    for row, version in found:
        was = then[row.id]
        on = _day(was.get("held_on", row.held_on))
        before = last.get(row.project_id)
        if on <= day and (before is None or on >= before.on):
            last[row.project_id] = Shown(
                on,
                sum(was.get(name, getattr(row, name)) for name in _OUTSIDE),
                was.get("shown", version),
                was.get("decisions", row.decisions) or "",
            )
    return last


_OUTSIDE = ("agents", "citizens", "management", "support", "coaches", "others")


def _findings(
    cohort: Cohort, ids: Sequence[UUID], moment: datetime
) -> Mapping[UUID, Sequence[Severe]]:
    """Those that health knew to be open and severe, the gravest first."""
    wanted = {
        (id_, one.number): one
        for id_ in ids
        if id_ in cohort.health
        for one in cohort.health[id_].facts.findings
    }
    numbers = {number for _id, number in wanted}
    mine = select(Finding.id, Finding.project_id, Finding.number, Finding.what).where(
        Finding.project_id.in_(ids), Finding.number.in_(numbers)
    )
    rows = [row for row in db.session.execute(mine) if (row[1], row[2]) in wanted]
    then = changed_since([row[0] for row in rows], moment)
    found: dict[UUID, list[Severe]] = defaultdict(list)
    for id_, project_id, number, what in rows:
        known = wanted[project_id, number]
        said = then[id_].get("what", what)
        found[project_id].append(Severe(number, known.severity, said, known.since))
    return {
        id_: sorted(some, key=lambda one: (-one.severity, one.since, one.number))
        for id_, some in found.items()
    }


def _risks(ids: Sequence[UUID], moment: datetime) -> Mapping[UUID, Sequence[High]]:
    mine = select(Risk).where(Risk.project_id.in_(ids), Risk.created_at <= moment)
    risks = db.session.scalars(mine.order_by(Risk.number)).all()
    then = changed_since([one.id for one in risks], moment)
    found: dict[UUID, list[High]] = defaultdict(list)
    for risk in risks:
        high = _high(risk, then[risk.id], moment)
        if high is not None:
            found[risk.project_id].append(high)
    return found


def _high(risk: Risk, then: Then, moment: datetime) -> High | None:
    is_closed = risk.closed_at is not None and risk.closed_at <= moment
    if is_closed or then.get("") == REOPENED.code:
        return None
    steps = {name: then.get(name, getattr(risk, name)) for name in _STEPS}
    likelihood = steps["residual_likelihood"] or steps["likelihood"]
    severity = steps["residual_severity"] or steps["severity"]
    if level_of(likelihood, severity) is not Level.HIGH:
        return None
    return High(risk.number, likelihood, severity, clock.day_of(risk.created_at))


_STEPS = ("likelihood", "severity", "residual_likelihood", "residual_severity")

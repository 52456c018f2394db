"""Reading the framing of a project. Whatever comes back, the actor may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, case, func, select

from portal.framing.metrics import ImpactMetric, Measurement, MetricDefinition
from portal.framing.models import Assumption, Audience, Interview, TargetGroup, Verdict
from portal.kernel.access import Actor
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.kernel.lists import read_values, rows_of
from portal.projects.models import Project
from portal.projects.numbered import Page, find_by_id, get_one, of_project, read_page


@dataclass(frozen=True)
class Framing:
    """What a project's own page says of its framing, in numbers."""

    agents: int
    citizens: int
    assumptions: int
    open_assumptions: int
    riskiest: str  # the open one with the highest risk, or ""
    interviews: int
    metrics: int
    metrics_ready: int  # with a baseline and a target


def read_groups(actor: Actor, project: Project, page: int = 1) -> Page[TargetGroup]:
    """Those that the project is for, then those it left."""
    mine = of_project(actor, TargetGroup, project)
    return read_page(
        mine, page, case((TargetGroup.left_on.is_(None), 0), else_=1), TargetGroup.number
    )


def list_groups(actor: Actor, project: Project) -> Sequence[TargetGroup]:
    """All of them, for a choice."""
    mine = of_project(actor, TargetGroup, project)
    return db.session.scalars(mine.order_by(TargetGroup.number)).all()


def get_group(actor: Actor, project: Project, number: int) -> TargetGroup:
    return get_one(actor, TargetGroup, project, number)


def find_group_called(actor: Actor, project: Project, name: str) -> TargetGroup | None:
    """The group that readers would take for one of this name, left or not."""
    called = of_project(actor, TargetGroup, project).where(
        TargetGroup.name_fold == TargetGroup.folded(name)
    )
    return db.session.scalar(called)


def read_assumptions(actor: Actor, project: Project, page: int = 1) -> Page[Assumption]:
    """Open ones first, the riskiest on top."""
    is_open = case((Assumption.verdict == Verdict.OPEN, 0), else_=1)
    mine = of_project(actor, Assumption, project)
    return read_page(mine, page, is_open, Assumption.risk.desc(), Assumption.number)


@dataclass(frozen=True)
class Unsettled:
    """An open assumption; `risk` from 1 to 5."""

    number: int
    statement: str
    risk: int
    test: str


def riskiest_assumptions(limit: int) -> Any:
    """`Unsettled` of the project that is bound as `project`, the riskiest first: a list for a
    statement of whoever sees the project."""
    asked = (Assumption.number, Assumption.statement, Assumption.risk, Assumption.test)
    still_open = select(*asked).where(
        Assumption.project_id == bindparam("project"), Assumption.verdict == Verdict.OPEN
    )
    ordered = still_open.order_by(Assumption.risk.desc(), Assumption.number)
    return rows_of(ordered.limit(limit), Unsettled)


def get_assumption(actor: Actor, project: Project, number: int) -> Assumption:
    return get_one(actor, Assumption, project, number)


def read_interviews(actor: Actor, project: Project, page: int = 1) -> Page[Interview]:
    """The latest first."""
    mine = of_project(actor, Interview, project)
    return read_page(mine, page, Interview.held_on.desc(), Interview.number.desc())


def get_interview(actor: Actor, project: Project, number: int) -> Interview:
    return get_one(actor, Interview, project, number)


def find_group_of(actor: Actor, project: Project, interview: Interview) -> TargetGroup | None:
    return find_by_id(actor, TargetGroup, project, interview.target_group_id)


def read_metrics(actor: Actor, project: Project, page: int = 1) -> Page[ImpactMetric]:
    return read_page(of_project(actor, ImpactMetric, project), page, ImpactMetric.number)


def get_metric(actor: Actor, project: Project, number: int) -> ImpactMetric:
    return get_one(actor, ImpactMetric, project, number)


def list_latest(metrics: Sequence[ImpactMetric]) -> dict[Any, Measurement]:
    """By metric, the last measurement under its present definition. The caller may see them."""
    newest = (
        func.row_number()
        .over(
            partition_by=Measurement.metric_id,
            order_by=(Measurement.measured_on.desc(), Measurement.number.desc()),
        )
        .label("newest")
    )
    counted = (
        select(Measurement.id, newest)
        .join(ImpactMetric, ImpactMetric.id == Measurement.metric_id)
        .where(
            Measurement.metric_id.in_([metric.id for metric in metrics]),
            Measurement.edition == ImpactMetric.edition,
            Measurement.set_aside_on.is_(None),
        )
        .subquery()
    )
    last = select(Measurement).join(counted, counted.c.id == Measurement.id)
    return {row.metric_id: row for row in db.session.scalars(last.where(counted.c.newest == 1))}


def get_measurement(
    actor: Actor, project: Project, metric: ImpactMetric, number: int
) -> Measurement:
    row = get_one(actor, Measurement, project, number)
    if row.metric_id != metric.id:
        raise NotFound
    return row


def read_measurements(
    actor: Actor, project: Project, metric: ImpactMetric, page: int = 1
) -> Page[Measurement]:
    """Under every definition, the latest first."""
    mine = of_project(actor, Measurement, project).where(Measurement.metric_id == metric.id)
    return read_page(mine, page, Measurement.measured_on.desc(), Measurement.number.desc())


def list_charted(metric: ImpactMetric, limit: int) -> Sequence[Measurement]:
    """The latest measurements that count under the present definition, oldest first."""
    mine = select(Measurement).where(
        Measurement.metric_id == metric.id,
        Measurement.edition == metric.edition,
        Measurement.set_aside_on.is_(None),
    )
    newest = mine.order_by(Measurement.measured_on.desc(), Measurement.number.desc()).limit(limit)
    return db.session.scalars(newest).all()[::-1]


def list_definitions(metric: ImpactMetric) -> Sequence[MetricDefinition]:
    """All that the metric had, the present one first. The caller may see the metric."""
    mine = select(MetricDefinition).where(MetricDefinition.metric_id == metric.id)
    return db.session.scalars(mine.order_by(MetricDefinition.edition.desc())).all()


def _count(model: Any, *conditions: Any) -> Any:
    counted = select(func.count()).where(model.project_id == bindparam("project"), *conditions)
    return counted.scalar_subquery()


_OPEN = Assumption.verdict == Verdict.OPEN
_AIMED_AT = TargetGroup.left_on.is_(None)
_RISKIEST = (
    select(Assumption.statement)
    .where(Assumption.project_id == bindparam("project"), _OPEN)
    .order_by(Assumption.risk.desc(), Assumption.number)
    .limit(1)
    .scalar_subquery()
)
FIGURES = (  # of the project that is bound: what makes a `Framing`
    _count(TargetGroup, _AIMED_AT, TargetGroup.audience == Audience.AGENTS),
    _count(TargetGroup, _AIMED_AT, TargetGroup.audience == Audience.CITIZENS),
    _count(Assumption),
    _count(Assumption, _OPEN),
    func.coalesce(_RISKIEST, ""),
    _count(Interview),
    _count(ImpactMetric),
    _count(ImpactMetric, ImpactMetric.baseline.is_not(None), ImpactMetric.target.is_not(None)),
)


def read_framing(project: Project) -> Framing:
    """Of a project that the caller was already allowed to see."""
    return Framing(*read_values(FIGURES, project=project.id))

"""Queries on the framing of a project, limited to what the actor may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, case, func, select

from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.subqueries import fetch_scalar_subqueries, rows_subquery
from portal.project.framing.metric_models import ImpactMetric, Measurement, MetricDefinition
from portal.project.framing.models import (
    Assumption,
    AssumptionVerdict,
    Interview,
    TargetAudience,
    TargetGroup,
)
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import (
    ListPage,
    PageContainingNumber,
    find_by_id,
    get_by_number,
    get_row_with_parent,
    read_list_page,
    select_in_project,
)


@dataclass(frozen=True)
class FramingSummary:
    """Counts for the section on a project's page."""

    agents: int
    citizens: int
    assumptions: int
    open_assumptions: int
    riskiest: str  # statement of the open assumption with the highest risk, or ""
    interviews: int
    metrics: int
    metrics_ready: int  # with a baseline and a target


def read_groups_page(
    actor: Actor, project: Project, page: int | PageContainingNumber = 1
) -> ListPage[TargetGroup]:
    """Return a page of groups: current ones first, then dropped ones."""
    groups = select_in_project(actor, TargetGroup, project)
    return read_list_page(groups, page, case((TargetGroup.left_on.is_(None), 0), else_=1), TargetGroup.number)


def list_groups(actor: Actor, project: Project) -> Sequence[TargetGroup]:
    """List all groups, dropped ones too, by number."""
    groups = select_in_project(actor, TargetGroup, project)
    return db.session.scalars(groups.order_by(TargetGroup.number)).all()


def get_group(actor: Actor, project: Project, number: int) -> TargetGroup:
    return get_by_number(actor, TargetGroup, project, number)


def find_group_by_name(actor: Actor, project: Project, name: str) -> TargetGroup | None:
    """Return the group with an equal folded name, dropped or not."""
    same_name = select_in_project(actor, TargetGroup, project).where(
        TargetGroup.name_fold == TargetGroup.folded(name)
    )
    return db.session.scalar(same_name)


def read_assumptions_page(
    actor: Actor, project: Project, page: int | PageContainingNumber = 1
) -> ListPage[Assumption]:
    """Return a page of assumptions: open ones first, by falling risk."""
    is_open = case((Assumption.verdict == AssumptionVerdict.OPEN, 0), else_=1)
    assumptions = select_in_project(actor, Assumption, project)
    return read_list_page(assumptions, page, is_open, Assumption.risk.desc(), Assumption.number)


@dataclass(frozen=True)
class OpenAssumption:
    """An open assumption; `risk` from 1 to 5."""

    number: int
    statement: str
    risk: int
    test: str


def riskiest_open_assumptions_subquery(limit: int) -> Any:
    """Return a subquery of `OpenAssumption`s of the project bound as `project`, riskiest first.

    The statement that uses it checks that the actor sees the project.
    """
    columns = (Assumption.number, Assumption.statement, Assumption.risk, Assumption.test)
    still_open = select(*columns).where(
        Assumption.project_id == bindparam("project"), Assumption.verdict == AssumptionVerdict.OPEN
    )
    ordered = still_open.order_by(Assumption.risk.desc(), Assumption.number)
    return rows_subquery(ordered.limit(limit), OpenAssumption)


def get_assumption(actor: Actor, project: Project, number: int) -> Assumption:
    return get_by_number(actor, Assumption, project, number)


def read_interviews_page(
    actor: Actor, project: Project, page: int | PageContainingNumber = 1
) -> ListPage[Interview]:
    """Return a page of interviews, the latest first."""
    interviews = select_in_project(actor, Interview, project)
    return read_list_page(interviews, page, Interview.held_on.desc(), Interview.number.desc())


def get_interview(actor: Actor, project: Project, number: int) -> Interview:
    return get_by_number(actor, Interview, project, number)


def find_interview_group(actor: Actor, project: Project, interview: Interview) -> TargetGroup | None:
    return find_by_id(actor, TargetGroup, project, interview.target_group_id)


def read_metrics_page(actor: Actor, project: Project, page: int = 1) -> ListPage[ImpactMetric]:
    return read_list_page(select_in_project(actor, ImpactMetric, project), page, ImpactMetric.number)


def get_metric(actor: Actor, project: Project, number: int) -> ImpactMetric:
    return get_by_number(actor, ImpactMetric, project, number)


def map_latest_measurement_by_metric(metrics: Sequence[ImpactMetric]) -> dict[Any, Measurement]:
    """Return the last measurement under the current definition by metric id.

    The caller may see the metrics.
    """
    newest = (
        func.row_number()
        .over(
            partition_by=Measurement.metric_id,
            order_by=(Measurement.measured_on.desc(), Measurement.number.desc()),
        )
        .label("newest")
    )
    ranked = (
        select(Measurement.id, newest)
        .join(ImpactMetric, ImpactMetric.id == Measurement.metric_id)
        .where(
            Measurement.metric_id.in_([metric.id for metric in metrics]),
            Measurement.edition == ImpactMetric.edition,
            Measurement.set_aside_on.is_(None),
        )
        .subquery()
    )
    last = select(Measurement).join(ranked, ranked.c.id == Measurement.id)
    return {row.metric_id: row for row in db.session.scalars(last.where(ranked.c.newest == 1))}


def get_measurement(actor: Actor, project: Project, metric: ImpactMetric, number: int) -> Measurement:
    row = get_by_number(actor, Measurement, project, number)
    if row.metric_id != metric.id:
        raise NotFound
    return row


def get_measurement_with_metric(
    actor: Actor, project: Project, number: int
) -> tuple[ImpactMetric, Measurement]:
    """Return a measurement after its metric. Raises `NotFound`."""
    of_metric = ImpactMetric, Measurement.metric_id
    measurement, metric = get_row_with_parent(actor, Measurement, of_metric, project, number)
    return metric, measurement


def read_measurements_page(
    actor: Actor, project: Project, metric: ImpactMetric, page: int | PageContainingNumber = 1
) -> ListPage[Measurement]:
    """Return a page of a metric's measurements under all definitions, the latest first."""
    measurements = select_in_project(actor, Measurement, project).where(Measurement.metric_id == metric.id)
    return read_list_page(measurements, page, Measurement.measured_on.desc(), Measurement.number.desc())


def list_charted_measurements(metric: ImpactMetric, limit: int) -> Sequence[Measurement]:
    """List the latest measurements under the current definition that count, oldest first."""
    measurements = select(Measurement).where(
        Measurement.metric_id == metric.id,
        Measurement.edition == metric.edition,
        Measurement.set_aside_on.is_(None),
    )
    newest = measurements.order_by(Measurement.measured_on.desc(), Measurement.number.desc()).limit(limit)
    return db.session.scalars(newest).all()[::-1]


def list_definitions_of_metric(metric: ImpactMetric) -> Sequence[MetricDefinition]:
    """List all definitions of a metric that the caller may see, the current one first."""
    definitions = select(MetricDefinition).where(MetricDefinition.metric_id == metric.id)
    return db.session.scalars(definitions.order_by(MetricDefinition.edition.desc())).all()


def _count_subquery(model: Any, *conditions: Any) -> Any:
    count = select(func.count()).where(model.project_id == bindparam("project"), *conditions)
    return count.scalar_subquery()


_OPEN = Assumption.verdict == AssumptionVerdict.OPEN
_IS_CURRENT_GROUP = TargetGroup.left_on.is_(None)
_RISKIEST = (
    select(Assumption.statement)
    .where(Assumption.project_id == bindparam("project"), _OPEN)
    .order_by(Assumption.risk.desc(), Assumption.number)
    .limit(1)
    .scalar_subquery()
)
FIGURES = (  # the fields of `FramingSummary`, for the project bound as `project`
    _count_subquery(TargetGroup, _IS_CURRENT_GROUP, TargetGroup.audience == TargetAudience.AGENTS),
    _count_subquery(TargetGroup, _IS_CURRENT_GROUP, TargetGroup.audience == TargetAudience.CITIZENS),
    _count_subquery(Assumption),
    _count_subquery(Assumption, _OPEN),
    func.coalesce(_RISKIEST, ""),
    _count_subquery(Interview),
    _count_subquery(ImpactMetric),
    _count_subquery(ImpactMetric, ImpactMetric.baseline.is_not(None), ImpactMetric.target.is_not(None)),
)


def read_framing_summary(project: Project) -> FramingSummary:
    """Return the counts of a project that the caller was allowed to see."""
    return FramingSummary(*fetch_scalar_subqueries(FIGURES, project=project.id))

"""Changing impact metrics and what was measured. A definition is replaced, never rewritten."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import check_version, db
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.framing.metric_models import (
    Direction,
    ImpactMetric,
    Measurement,
    MetricDefinition,
)
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import next_number
from portal.project.projects.work_commands import (
    apply_values,
    record_change,
    require_past,
    require_work,
)

DEFINED = audit.Action("metric.defined", _l("a défini l’indicateur « %(name)s »"))
REDEFINED = audit.Action("metric.redefined", _l("a redéfini l’indicateur « %(name)s »"))
MEASURED = audit.Action("metric.measured", _l("a noté une mesure de « %(name)s »"))
REMEASURED = audit.Action("metric.remeasured", _l("a corrigé une mesure de « %(name)s »"))
SET_ASIDE = audit.Action("metric.measure_set_aside", _l("a écarté une mesure de « %(name)s »"))


@dataclass(frozen=True, kw_only=True)
class MetricPlan:
    """A definition. Values are in `unit`; what is not known yet is None or empty."""

    name: str
    unit: str
    direction: Direction
    baseline: float | None
    baseline_on: date | None
    baseline_source: str
    target: float | None


@dataclass(frozen=True, kw_only=True)
class MeasurementFacts:
    """A value in the metric's unit, over `sample_size` cases (None: not said)."""

    measured_on: date
    value: float
    sample_size: int | None
    method: str


def define_metric(actor: Actor, project: Project, plan: MetricPlan) -> ImpactMetric:
    """Raises `RuleBroken` on `baseline_on` or `target`."""
    require_work(actor, project)
    _check_plan(plan)
    number = next_number(ImpactMetric, project)
    metric = ImpactMetric(project_id=project.id, number=number, edition=1, **asdict(plan))
    db.session.add(metric)
    db.session.flush()
    _add_definition(metric, plan, reason="")
    record_change(actor, DEFINED, metric, _initial_changes(plan), name=metric.name)
    return metric


def redefine_metric(
    actor: Actor,
    project: Project,
    metric: ImpactMetric,
    plan: MetricPlan,
    *,
    reason: str,
    version: int,
) -> None:
    """A new definition; earlier ones stay, with the measurements made under them.

    Raises `RuleBroken` as `define_metric` does and on `reason`, `Conflict` after another's save.
    """
    require_work(actor, project)
    check_version(metric, version)
    _check_plan(plan)
    if not any(getattr(metric, name) != value for name, value in asdict(plan).items()):
        return
    if not reason:
        raise RuleBroken("reason", _("Dites pourquoi l’indicateur change : la page le gardera."))
    changes = apply_values(metric, asdict(plan) | {"edition": metric.edition + 1})
    _add_definition(metric, plan, reason=reason)
    record_change(actor, REDEFINED, metric, changes, name=metric.name)


def _add_definition(metric: ImpactMetric, plan: MetricPlan, *, reason: str) -> None:
    db.session.add(
        MetricDefinition(
            metric_id=metric.id,
            edition=metric.edition,
            since=clock.today(),
            reason=reason,
            **asdict(plan),
        )
    )


def _initial_changes(plan: MetricPlan) -> audit.Changes:
    return {name: (None, value) for name, value in asdict(plan).items()}


def _check_plan(plan: MetricPlan) -> None:
    if plan.baseline is not None:
        if plan.baseline_on is None:
            raise RuleBroken("baseline_on", _("Donnez le jour du point de départ."))
        require_past("baseline_on", plan.baseline_on)
    if plan.baseline is None or plan.target is None:
        return
    better = plan.target - plan.baseline
    if better == 0 or (better > 0) is not (plan.direction is Direction.UP):
        raise RuleBroken(
            "target", _("La cible n’est pas du bon côté du point de départ. Vérifiez le sens.")
        )


def add_measurement(
    actor: Actor, project: Project, metric: ImpactMetric, measured: MeasurementFacts
) -> Measurement:
    """Under the present definition. Raises `RuleBroken` on `measured_on` or `sample_size`."""
    require_work(actor, project)
    _check_measure(measured)
    row = Measurement(
        project_id=project.id,
        number=next_number(Measurement, project),
        metric_id=metric.id,
        edition=metric.edition,
        **asdict(measured),
    )
    db.session.add(row)
    record_change(actor, MEASURED, row, apply_values(row, {}), name=metric.name)
    return row


def correct_measurement(
    actor: Actor,
    project: Project,
    metric: ImpactMetric,
    row: Measurement,
    measured: MeasurementFacts,
    *,
    set_aside: bool,
    version: int,
) -> None:
    """`set_aside`: it no longer counts. Raises as `measure` does, and `Conflict`."""
    require_work(actor, project)
    _check_measure(measured)
    aside_on = (row.set_aside_on or clock.today()) if set_aside else None
    goes = aside_on is not None and row.set_aside_on is None
    values: dict[str, Any] = asdict(measured) | {"set_aside_on": aside_on}
    changes = apply_values(row, values, version)
    if changes:
        record_change(actor, SET_ASIDE if goes else REMEASURED, row, changes, name=metric.name)


def _check_measure(measured: MeasurementFacts) -> None:
    require_past("measured_on", measured.measured_on)
    if measured.sample_size is not None and measured.sample_size < 1:
        raise RuleBroken(
            "sample_size", _("Une mesure porte sur un cas au moins ; laissez vide si on l’ignore.")
        )

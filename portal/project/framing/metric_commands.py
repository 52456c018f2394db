"""Commands on impact metrics and measurements. A definition is replaced, never rewritten."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import check_version, db
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.framing.metric_models import ImpactMetric, Measurement, MetricDefinition, MetricDirection
from portal.project.projects.models import Project
from portal.project.projects.work_commands import (
    apply_values,
    create_row,
    record_change,
    require_not_future,
    require_team_may_write,
    save_change,
)

DEFINED = audit.Action("metric.defined", _l("a défini l’indicateur « %(name)s »"))
REDEFINED = audit.Action("metric.redefined", _l("a redéfini l’indicateur « %(name)s »"))
MEASURED = audit.Action("metric.measured", _l("a noté une mesure de « %(name)s »"))
REMEASURED = audit.Action("metric.remeasured", _l("a corrigé une mesure de « %(name)s »"))
SET_ASIDE = audit.Action("metric.measure_set_aside", _l("a écarté une mesure de « %(name)s »"))


@dataclass(frozen=True, kw_only=True)
class MetricDefinitionFacts:
    """A metric's definition. Values are in `unit`, and None or empty while unknown."""

    name: str
    unit: str
    direction: MetricDirection
    baseline: float | None
    baseline_on: date | None
    baseline_source: str
    target: float | None


@dataclass(frozen=True, kw_only=True)
class MeasurementFacts:
    """A value in the metric's unit, over `sample_size` cases (None: unknown)."""

    measured_on: date
    value: float
    sample_size: int | None
    method: str


def define_metric(actor: Actor, project: Project, plan: MetricDefinitionFacts) -> ImpactMetric:
    """Define a metric. Raises `RuleBroken` on `baseline_on` or `target`."""
    require_team_may_write(actor, project)
    _check_metric_definition(plan)
    metric = create_row(ImpactMetric, project, edition=1, **asdict(plan))
    db.session.flush()
    _add_definition(metric, plan, reason="")
    changes: audit.Changes = {name: (None, value) for name, value in asdict(plan).items()}
    record_change(actor, DEFINED, metric, changes, name=metric.name)
    return metric


def redefine_metric(
    actor: Actor,
    project: Project,
    metric: ImpactMetric,
    plan: MetricDefinitionFacts,
    *,
    reason: str,
    version: int,
) -> None:
    """Replace the definition; earlier ones stay, with the measurements made under them.

    Does nothing for an equal definition. Raises `RuleBroken` as `define_metric` does and on
    `reason`, `Conflict` after somebody else's save.
    """
    require_team_may_write(actor, project)
    check_version(metric, version)
    _check_metric_definition(plan)
    if not any(getattr(metric, name) != value for name, value in asdict(plan).items()):
        return
    if not reason:
        raise RuleBroken("reason", _("Dites pourquoi l’indicateur change : la page le gardera."))
    changes = apply_values(metric, asdict(plan) | {"edition": metric.edition + 1})
    _add_definition(metric, plan, reason=reason)
    record_change(actor, REDEFINED, metric, changes, name=metric.name)


def _add_definition(metric: ImpactMetric, plan: MetricDefinitionFacts, *, reason: str) -> None:
    db.session.add(
        MetricDefinition(
            metric_id=metric.id, edition=metric.edition, since=clock.today(), reason=reason, **asdict(plan)
        )
    )


def _check_metric_definition(plan: MetricDefinitionFacts) -> None:
    if plan.baseline is not None:
        if plan.baseline_on is None:
            raise RuleBroken("baseline_on", _("Donnez le jour du point de départ."))
        require_not_future("baseline_on", plan.baseline_on)
    if plan.baseline is None or plan.target is None:
        return
    better = plan.target - plan.baseline
    if better == 0 or (better > 0) is not (plan.direction is MetricDirection.UP):
        raise RuleBroken("target", _("La cible n’est pas du bon côté du point de départ. Vérifiez le sens."))


def add_measurement(
    actor: Actor, project: Project, metric: ImpactMetric, facts: MeasurementFacts
) -> Measurement:
    """Add a measurement under the current definition.

    Raises `RuleBroken` on `measured_on` or `sample_size`.
    """
    require_team_may_write(actor, project)
    _check_measurement(facts)
    parents = {"metric_id": metric.id, "edition": metric.edition}
    measurement = create_row(Measurement, project, **parents, **asdict(facts))
    record_change(actor, MEASURED, measurement, apply_values(measurement, {}), name=metric.name)
    return measurement


def correct_measurement(
    actor: Actor,
    project: Project,
    metric: ImpactMetric,
    measurement: Measurement,
    facts: MeasurementFacts,
    *,
    set_aside: bool,
    version: int,
) -> None:
    """Correct a measurement; `set_aside`: it no longer counts.

    Raises as `add_measurement` does, and `Conflict` after somebody else's save.
    """
    require_team_may_write(actor, project)
    _check_measurement(facts)
    set_aside_on = (measurement.set_aside_on or clock.today()) if set_aside else None
    action = SET_ASIDE if set_aside and measurement.set_aside_on is None else REMEASURED
    values: dict[str, Any] = asdict(facts) | {"set_aside_on": set_aside_on}
    save_change(actor, action, measurement, values, version, name=metric.name)


def _check_measurement(facts: MeasurementFacts) -> None:
    require_not_future("measured_on", facts.measured_on)
    if facts.sample_size is not None and facts.sample_size < 1:
        raise RuleBroken(
            "sample_size", _("Une mesure porte sur un cas au moins ; laissez vide si on l’ignore.")
        )

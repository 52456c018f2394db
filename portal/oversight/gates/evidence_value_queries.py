"""The values that prove gates: results of runs beside what their protocol asks, what is known of a
data source, what a metric starts from. The caller was allowed to see the project."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.oversight.gates.predicate_result_rules import PredicateResult
from portal.platform.kernel.database import db
from portal.project.data_sources.models import DataSource
from portal.project.framing.metric_models import ImpactMetric
from portal.project.projects.models import Project
from portal.sprints.prototypes.evaluation_models import EvaluationProtocol, EvaluationRun


@dataclass(frozen=True)
class RunAndProtocol:
    """A run and its protocol."""

    run: EvaluationRun
    protocol: EvaluationProtocol


@dataclass(frozen=True)
class ReferencedEvidenceValues:
    """What the references of some results say, by number."""

    runs: Mapping[int, RunAndProtocol] = field(default_factory=dict)
    sources: Mapping[int, DataSource] = field(default_factory=dict)
    metrics: Mapping[int, ImpactMetric] = field(default_factory=dict)

    def list_runs_before(self, day: date) -> list[EvaluationRun]:
        """The runs that are older than a day, by number."""
        return [self.runs[number].run for number in sorted(self.runs) if self.runs[number].run.ran_on < day]


def read_evidence_values(project: Project, results: Iterable[PredicateResult]) -> ReferencedEvidenceValues:
    """Read what the results refer to: a statement for each kind among them, three at most."""
    numbers: dict[str, set[int]] = {"run": set(), "source": set(), "metric": set()}
    for reference in {reference for result in results for reference in result.references}:
        kind, _slash, number = reference.partition("/")
        if kind in numbers:
            numbers[kind].add(int(number))
    return ReferencedEvidenceValues(
        runs=_read_runs(project, numbers["run"]),
        sources=_read_rows_by_number(DataSource, project, numbers["source"]),
        metrics=_read_rows_by_number(ImpactMetric, project, numbers["metric"]),
    )


def _read_runs(project: Project, numbers: set[int]) -> Mapping[int, RunAndProtocol]:
    if not numbers:
        return {}
    statement = (
        select(EvaluationRun, EvaluationProtocol)
        .join(EvaluationProtocol, EvaluationProtocol.id == EvaluationRun.protocol_id)
        .where(EvaluationRun.project_id == project.id, EvaluationRun.number.in_(numbers))
    )
    return {run.number: RunAndProtocol(run, protocol) for run, protocol in db.session.execute(statement)}


def _read_rows_by_number(model: Any, project: Project, numbers: set[int]) -> Mapping[int, Any]:
    if not numbers:
        return {}
    statement = select(model).where(model.project_id == project.id, model.number.in_(numbers))
    return {row.number: row for row in db.session.scalars(statement)}

"""The values that prove gates: results of runs beside what their protocol asks, what is known of a
data source, what a metric starts from. The caller was allowed to see the project."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.oversight.gates.predicate_result_rules import PredicateResult
from portal.oversight.gates.state_rules import GateSnapshot, Staleness
from portal.platform.kernel.audit import AuditEvent, is_text_reference
from portal.platform.kernel.database import db
from portal.project.data_sources.models import DataSource
from portal.project.framing.metric_models import ImpactMetric, MetricDirection
from portal.project.projects.models import Project
from portal.sprints.prototypes.evaluation_models import EvaluationProtocol, EvaluationRun
from portal.sprints.prototypes.models import PrototypeVersion
from portal.sprints.prototypes.verdict_rules import is_at_least_as_good

_THRESHOLD = "threshold_met"  # the predicate


@dataclass(frozen=True)
class RunAndProtocol:
    """A run, its protocol, and the number of the version that ran."""

    run: EvaluationRun
    protocol: EvaluationProtocol
    version: int

    @property
    def is_enough(self) -> bool:
        """Whether the result reaches the threshold of the protocol."""
        return is_at_least_as_good(self.protocol.direction, self.run.result, self.protocol.threshold)

    def is_later_than(self, other: "RunAndProtocol") -> bool:
        """Whether it ran after another one; on the same day the numbers decide."""
        return (self.run.ran_on, self.run.number) > (other.run.ran_on, other.run.number)

    def is_newer_than(self, other: "RunAndProtocol") -> bool:
        """Whether it ran later, or a newer version."""
        return self.version > other.version or self.is_later_than(other)

    def overtakes(self, other: "RunAndProtocol") -> bool:
        """Whether it reaches the threshold under the same protocol, later, with no older version."""
        is_comparable = self.protocol.id == other.protocol.id and self.version >= other.version
        return self.is_enough and is_comparable and self.is_later_than(other)


@dataclass(frozen=True)
class ReferencedEvidenceValues:
    """What the references of some results say, by number; `newer_failures` are the runs under their
    threshold that are newer than the one which proves that it is reached, the latest first."""

    runs: Mapping[int, RunAndProtocol] = field(default_factory=dict)
    sources: Mapping[int, DataSource] = field(default_factory=dict)
    metrics: Mapping[int, ImpactMetric] = field(default_factory=dict)
    newer_failures: Sequence[RunAndProtocol] = ()

    @property
    def pieces_by_row_id(self) -> Mapping[UUID, tuple[str, datetime]]:
        """The reference of each piece, and when its row was created, by the id of the row; a run's
        reference is also that of its protocol."""
        rows: list[tuple[str, int, Any]] = [
            *(("run", number, each.protocol) for number, each in self.runs.items()),
            *(("run", number, each.run) for number, each in self.runs.items()),
            *(("source", number, row) for number, row in self.sources.items()),
            *(("metric", number, row) for number, row in self.metrics.items()),
        ]
        return {row.id: (f"{kind}/{number}", row.created_at) for kind, number, row in rows}

    def list_runs_before_day(self, day: date) -> list[EvaluationRun]:
        """The runs that are older than a day, by number."""
        return [self.runs[number].run for number in sorted(self.runs) if self.runs[number].run.ran_on < day]


def build_missing_facts(
    missing: Iterable[PredicateResult], values: ReferencedEvidenceValues
) -> list[dict[str, Any]]:
    """Why proofs are missing, as facts of an event: the code and its numbers, with the result and the
    threshold of a run that does not reach it."""
    return [
        {"code": result.code, "given": {**result.parameters, **_list_run_numbers(result, values)}}
        for result in missing
    ]


def _list_run_numbers(result: PredicateResult, values: ReferencedEvidenceValues) -> Mapping[str, Any]:
    run = values.runs.get(int(result.parameters.get("number", 0)))
    if result.predicate != _THRESHOLD or run is None:
        return {}
    is_down = run.protocol.direction is MetricDirection.DOWN
    return {"result": run.run.result, "threshold": run.protocol.threshold, "is_down": is_down}


def read_evidence_values(
    project: Project,
    results: Iterable[PredicateResult],
    others: Iterable[PredicateResult | Staleness] = (),
) -> ReferencedEvidenceValues:
    """Read what the results, and others (of earlier decisions, causes of staleness), refer to: a
    statement for each kind among them, three at most."""
    results = tuple(results)
    numbers: dict[str, set[int]] = {"run": set(), "source": set(), "metric": set()}
    proving = {reference for each in results for reference in each.references}
    for reference in proving.union(reference for each in others for reference in each.references):
        kind, _slash, number = reference.partition("/")
        if kind in numbers and number.isdecimal():
            numbers[kind].add(int(number))
    runs = _read_all_runs(project) if numbers["run"] else {}
    return ReferencedEvidenceValues(
        runs={number: runs[number] for number in numbers["run"] & runs.keys()},
        newer_failures=_list_newer_failures(results, runs),
        sources=_read_rows_by_number(DataSource, project, numbers["source"]),
        metrics=_read_rows_by_number(ImpactMetric, project, numbers["metric"]),
    )


def _read_all_runs(project: Project) -> Mapping[int, RunAndProtocol]:
    statement = (
        select(EvaluationRun, EvaluationProtocol, PrototypeVersion.number)
        .join(EvaluationProtocol, EvaluationProtocol.id == EvaluationRun.protocol_id)
        .join(PrototypeVersion, PrototypeVersion.id == EvaluationRun.prototype_version_id)
        .where(EvaluationRun.project_id == project.id)
    )
    return {row[0].number: RunAndProtocol(*row) for row in db.session.execute(statement)}


def _list_newer_failures(
    results: Iterable[PredicateResult], runs: Mapping[int, RunAndProtocol]
) -> list[RunAndProtocol]:
    """The runs under their threshold that are newer than the run which proves it, and that no later
    one overtakes; the latest first."""
    references = [
        reference
        for result in results
        if result.predicate == _THRESHOLD and result.is_met
        for reference in result.references
    ]
    proving = next((run for number, run in runs.items() if f"run/{number}" in references), None)
    if proving is None or not proving.is_enough:  # met by a pivot
        return []
    failures = [
        run
        for run in runs.values()
        if not run.is_enough
        and run.is_newer_than(proving)
        and not any(other.overtakes(run) for other in runs.values())
    ]
    return sorted(failures, key=lambda each: (each.run.ran_on, each.run.number), reverse=True)


def _read_rows_by_number(model: Any, project: Project, numbers: set[int]) -> Mapping[int, Any]:
    if not numbers:
        return {}
    statement = select(model).where(model.project_id == project.id, model.number.in_(numbers))
    return {row.number: row for row in db.session.scalars(statement)}


@dataclass(frozen=True)
class EvidenceValueChange:
    """A change of a field of a piece of evidence, as the audit trail keeps it; `created_at` is that
    of the piece, `is_text`: it was typed, None where its text is gone."""

    at: datetime
    reference: str
    field: str
    before: Any
    after: Any
    created_at: datetime
    is_text: bool = False


def list_value_changes(
    project: Project, values: ReferencedEvidenceValues, since: datetime | None
) -> Sequence[EvidenceValueChange]:
    """How values of the pieces changed since a moment (None: not at all), in order. Two statements."""
    pieces = values.pieces_by_row_id
    if not pieces or since is None:
        return []
    statement = (
        select(AuditEvent)
        .where(
            AuditEvent.scope_id == project.id,
            AuditEvent.subject_id.in_(list(pieces)),
            AuditEvent.created_at > since,
        )
        .order_by(AuditEvent.created_at, AuditEvent.id)
    )
    return [
        _read_value_change(event, name, *pieces[event.subject_id])
        for event in db.session.scalars(statement)
        for name in event.stored_before
    ]


def list_value_changes_since_answer(
    project: Project, state: GateSnapshot, values: ReferencedEvidenceValues
) -> Sequence[EvidenceValueChange]:
    """How values of the pieces changed since the gate was last answered; () before any answer."""
    if state.answer is None:
        return ()
    return merge_value_changes(list_value_changes(project, values, state.answer.at), state.answer.at)


def _read_value_change(
    event: AuditEvent, name: str, reference: str, created_at: datetime
) -> EvidenceValueChange:
    stored = event.stored_before[name], event.stored_after.get(name)
    before, after = (
        (text or None) if is_text_reference(raw) else raw
        for raw, text in zip(stored, (event.before[name], event.after.get(name)), strict=True)
    )
    is_text = any(is_text_reference(value) for value in stored)
    return EvidenceValueChange(event.created_at, reference, name, before, after, created_at, is_text)


def merge_value_changes(
    changes: Iterable[EvidenceValueChange], since: datetime
) -> Sequence[EvidenceValueChange]:
    """One change for each field of a piece since a moment: its first value and its last. What was
    written when the piece was created is no change."""
    merged: dict[tuple[str, str], EvidenceValueChange] = {}
    for change in changes:
        if change.at > since >= change.created_at:
            key = change.reference, change.field
            first = merged.get(key, change)
            merged[key] = replace(change, before=first.before, is_text=first.is_text or change.is_text)
    return [change for change in merged.values() if change.before != change.after]

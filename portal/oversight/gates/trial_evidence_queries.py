"""Evidence from trials: versions, evaluation runs, demonstrations, test rounds, findings."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from portal.oversight.gates import evidence_rules
from portal.oversight.gates.evidence_parameter_queries import (
    PROJECT_PARAMETER,
    EvidenceFields,
    hash_values,
    project_parameter_values,
)
from portal.platform.kernel.database import db, fetch_rows
from portal.project.framing.models import TargetGroup
from portal.project.projects.models import Project
from portal.sprints.ceremonies.models import Demonstration
from portal.sprints.prototypes.evaluation_models import (
    EvaluationProtocol,
    EvaluationRun,
    Pivot,
    SubgroupResult,
)
from portal.sprints.prototypes.models import PrototypeVersion
from portal.sprints.prototypes.verdict_rules import EvaluationVerdict, judge_result
from portal.sprints.sprints.models import Sprint
from portal.user_tests.findings.models import Finding
from portal.user_tests.rounds.models import TestRound, TestTask
from portal.user_tests.rounds.sum_queries import read_results_by_round
from portal.user_tests.rounds.sum_rules import RoundResults, TaskSums

_VERSIONS = (
    select(
        PrototypeVersion.number,
        PrototypeVersion.link,
        PrototypeVersion.recording,
        PrototypeVersion.model_family,
        PrototypeVersion.model_provider,
        PrototypeVersion.automation,
        PrototypeVersion.exposure,
    )
    .where(PrototypeVersion.project_id == PROJECT_PARAMETER)
    .order_by(PrototypeVersion.number)
)


def read_version_evidence(project: Project) -> EvidenceFields:
    version_evidence = (
        evidence_rules.VersionEvidence(
            number, bool(link or recording), f"{family} / {provider}".strip(" /"), f"{automation}/{exposure}"
        )
        for number, link, recording, family, provider, automation, exposure in fetch_rows(
            _VERSIONS, project_parameter_values(project)
        )
    )
    return {"versions": tuple(version_evidence)}


_PROTOCOLS = select(
    EvaluationProtocol.id,
    EvaluationProtocol.number,
    EvaluationProtocol.replaces_id,
    EvaluationProtocol.dated_on,
    EvaluationProtocol.direction,
    EvaluationProtocol.metric,
    EvaluationProtocol.held_out,
    EvaluationProtocol.held_out_size,
    EvaluationProtocol.baseline_name,
    EvaluationProtocol.baseline,
    EvaluationProtocol.threshold,
).where(EvaluationProtocol.project_id == PROJECT_PARAMETER)
_RUNS = (
    select(
        EvaluationRun.number,
        EvaluationRun.protocol_id,
        EvaluationRun.ran_on,
        EvaluationRun.result,
        EvaluationRun.code_reference,
        EvaluationRun.data_sha256,
        select(func.count())
        .where(SubgroupResult.run_id == EvaluationRun.id)
        .correlate(EvaluationRun)
        .scalar_subquery()
        .label("subgroups"),
    )
    .where(EvaluationRun.project_id == PROJECT_PARAMETER)
    .order_by(EvaluationRun.ran_on, EvaluationRun.number)
)
_PIVOTS = select(Pivot.protocol_id).where(Pivot.project_id == PROJECT_PARAMETER)


def read_evaluation_evidence(project: Project) -> EvidenceFields:
    protocols = {row.id: row for row in db.session.execute(_PROTOCOLS, project_parameter_values(project))}
    replaced = {row.replaces_id for row in protocols.values()}
    pivoted = (
        {row[0] for row in fetch_rows(_PIVOTS, project_parameter_values(project))} if protocols else set()
    )
    runs = tuple(
        _build_run_evidence(run, protocols[run.protocol_id], pivoted=run.protocol_id in pivoted)
        for run in (db.session.execute(_RUNS, project_parameter_values(project)) if protocols else ())
    )
    return {"evaluated": evidence_rules.EvaluationEvidence(len(protocols.keys() - replaced), runs)}


def _build_run_evidence(run: Any, protocol: Any, *, pivoted: bool) -> evidence_rules.RunEvidence:
    verdict = judge_result(
        protocol.direction, result=run.result, baseline=protocol.baseline, threshold=protocol.threshold
    )
    return evidence_rules.RunEvidence(
        number=run.number,
        ran_on=run.ran_on,
        protocol=protocol.number,
        protocol_dated_on=protocol.dated_on,
        has_held_out=bool(protocol.held_out.strip()),
        has_baseline=bool(protocol.baseline_name.strip()),
        is_enough=verdict is EvaluationVerdict.ENOUGH,
        pivoted=pivoted,
        has_code=bool(run.code_reference.strip()),
        has_data_hash=bool(run.data_sha256),
        subgroups=run.subgroups,
        value_token=hash_values(
            protocol.metric,
            protocol.direction.value,
            protocol.threshold,
            protocol.baseline_name,
            protocol.baseline,
            protocol.held_out,
            protocol.held_out_size,
            protocol.dated_on.isoformat(),
            run.ran_on.isoformat(),
            run.result,
            run.code_reference,
            run.data_sha256,
        ),
    )


_DEMONSTRATIONS = (
    select(Demonstration, Sprint.number, Sprint.closed_at, PrototypeVersion.number)
    .join(Sprint, Sprint.id == Demonstration.sprint_id)
    .outerjoin(PrototypeVersion, PrototypeVersion.id == Demonstration.prototype_version_id)
    .where(Demonstration.project_id == PROJECT_PARAMETER)
    .order_by(Demonstration.number)
)


def read_demonstration_evidence(project: Project) -> EvidenceFields:
    demonstration_evidence = (
        evidence_rules.DemonstrationEvidence(
            demonstration.number, sprint, closed_at is not None, version, demonstration.outside
        )
        for demonstration, sprint, closed_at, version in db.session.execute(
            _DEMONSTRATIONS, project_parameter_values(project)
        )
    )
    return {"demonstrations": tuple(demonstration_evidence)}


_ROUNDS = (
    select(TestRound, PrototypeVersion.number, TestTask.id, TestTask.lineage)
    .join(PrototypeVersion, PrototypeVersion.id == TestRound.prototype_version_id)
    .outerjoin(TestTask, (TestTask.round_id == TestRound.id) & TestTask.is_primary)
    .where(TestRound.project_id == PROJECT_PARAMETER)
    .order_by(TestRound.number)
)
_NUMBERS = select(TargetGroup.id, TargetGroup.number).where(TargetGroup.project_id == PROJECT_PARAMETER)


def read_test_round_evidence(project: Project) -> EvidenceFields:
    round_rows = db.session.execute(_ROUNDS, project_parameter_values(project)).all()
    if not round_rows:
        return {}
    results_by_round = read_results_by_round(
        [row[0] for row in round_rows], {row[2] for row in round_rows if row[2]}
    )
    numbers: Mapping[UUID, int] = {
        row[0]: row[1] for row in fetch_rows(_NUMBERS, project_parameter_values(project))
    }
    return {
        "rounds": tuple(
            _build_round_evidence(row, results_by_round[row[0].id], numbers) for row in round_rows
        )
    }


def _build_round_evidence(
    row: Any, round_results: RoundResults, numbers: Mapping[UUID, int]
) -> evidence_rules.RoundEvidence:
    round_, version, task, lineage = row
    sums = round_results.sums
    primary = None
    if task:
        task_sums = sums.tasks.get(task, TaskSums())
        primary = (task_sums.successes, task_sums.successes + task_sums.helped + task_sums.failed)
    return evidence_rules.RoundEvidence(
        number=round_.number,
        version=version,
        sessions=sums.sessions,
        consented=sums.consented,
        groups={numbers[group_id]: n for group_id, n in sums.groups.items() if group_id is not None},
        access_needs=round_.access_needs,
        absence_reasoned=bool(round_.no_access_needs.strip()),
        primary=primary,
        lineage=str(lineage or ""),
        last_on=sums.last_on,
    )


_FINDINGS = (
    select(Finding.number, TestRound.number, Finding.severity, Finding.closing)
    .join(TestRound, TestRound.id == Finding.round_id)
    .where(Finding.project_id == PROJECT_PARAMETER)
    .order_by(Finding.number)
)


def read_finding_evidence(project: Project) -> EvidenceFields:
    finding_evidence = (
        evidence_rules.RoundFindingEvidence(number, round_, severity, closing is None)
        for number, round_, severity, closing in fetch_rows(_FINDINGS, project_parameter_values(project))
    )
    return {"findings": tuple(finding_evidence)}

"""What was tried: versions of the prototype, runs of its AI, demonstrations, tests with people."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from portal.ceremonies.models import Demonstration
from portal.findings.models import Finding
from portal.framing.models import TargetGroup
from portal.gates import evidence as told
from portal.gates.parts import PROJECT, Found, of
from portal.kernel.db import db, rows
from portal.projects.models import Project
from portal.prototypes.evaluation import EvaluationProtocol, EvaluationRun, Pivot, SubgroupResult
from portal.prototypes.models import PrototypeVersion
from portal.prototypes.verdict import Standing, judge
from portal.sprints.models import Sprint
from portal.user_tests.models import TestRound, TestTask
from portal.user_tests.round_sums import Known, read_known
from portal.user_tests.sums import TaskSums

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
    .where(PrototypeVersion.project_id == PROJECT)
    .order_by(PrototypeVersion.number)
)


def versions(project: Project) -> Found:
    found = (
        told.Version(
            number,
            bool(link or recording),
            f"{family} / {provider}".strip(" /"),
            f"{automation}/{exposure}",
        )
        for number, link, recording, family, provider, automation, exposure in rows(
            _VERSIONS, of(project)
        )
    )
    return {"versions": tuple(found)}


_PROTOCOLS = select(
    EvaluationProtocol.id,
    EvaluationProtocol.number,
    EvaluationProtocol.replaces_id,
    EvaluationProtocol.dated_on,
    EvaluationProtocol.direction,
    EvaluationProtocol.held_out,
    EvaluationProtocol.held_out_size,
    EvaluationProtocol.baseline_name,
    EvaluationProtocol.baseline,
    EvaluationProtocol.threshold,
).where(EvaluationProtocol.project_id == PROJECT)
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
    .where(EvaluationRun.project_id == PROJECT)
    .order_by(EvaluationRun.ran_on, EvaluationRun.number)
)
_PIVOTS = select(Pivot.protocol_id).where(Pivot.project_id == PROJECT)


def evaluation(project: Project) -> Found:
    protocols = {row.id: row for row in db.session.execute(_PROTOCOLS, of(project))}
    replaced = {row.replaces_id for row in protocols.values()}
    pivoted = {row[0] for row in rows(_PIVOTS, of(project))} if protocols else set()
    runs = tuple(
        _run(run, protocols[run.protocol_id], pivoted=run.protocol_id in pivoted)
        for run in (db.session.execute(_RUNS, of(project)) if protocols else ())
    )
    return {"evaluated": told.Evaluated(len(protocols.keys() - replaced), runs)}


def _run(run: Any, protocol: Any, *, pivoted: bool) -> told.Run:
    marks = {"baseline": protocol.baseline, "threshold": protocol.threshold}
    standing = judge(protocol.direction, result=run.result, **marks)
    return told.Run(
        number=run.number,
        ran_on=run.ran_on,
        protocol=protocol.number,
        protocol_dated_on=protocol.dated_on,
        has_held_out=bool(protocol.held_out.strip()),
        has_baseline=bool(protocol.baseline_name.strip()),
        is_enough=standing is Standing.ENOUGH,
        pivoted=pivoted,
        has_code=bool(run.code_reference.strip()),
        has_data_hash=bool(run.data_sha256),
        subgroups=run.subgroups,
    )


_SHOWN = (
    select(Demonstration, Sprint.number, Sprint.closed_at, PrototypeVersion.number)
    .join(Sprint, Sprint.id == Demonstration.sprint_id)
    .outerjoin(PrototypeVersion, PrototypeVersion.id == Demonstration.prototype_version_id)
    .where(Demonstration.project_id == PROJECT)
    .order_by(Demonstration.number)
)


def demonstrations(project: Project) -> Found:
    found = (
        told.Demonstration(shown.number, sprint, closed_at is not None, version, shown.outside)
        for shown, sprint, closed_at, version in db.session.execute(_SHOWN, of(project))
    )
    return {"demonstrations": tuple(found)}


_ROUNDS = (
    select(TestRound, PrototypeVersion.number, TestTask.id, TestTask.lineage)
    .join(PrototypeVersion, PrototypeVersion.id == TestRound.prototype_version_id)
    .outerjoin(TestTask, (TestTask.round_id == TestRound.id) & TestTask.is_primary)
    .where(TestRound.project_id == PROJECT)
    .order_by(TestRound.number)
)
_NUMBERS = select(TargetGroup.id, TargetGroup.number).where(TargetGroup.project_id == PROJECT)


def tests(project: Project) -> Found:
    planned = db.session.execute(_ROUNDS, of(project)).all()
    if not planned:
        return {}
    known = read_known([row[0] for row in planned], {row[2] for row in planned if row[2]})
    numbers: Mapping[UUID, int] = {row[0]: row[1] for row in rows(_NUMBERS, of(project))}
    return {"rounds": tuple(_round(row, known[row[0].id], numbers) for row in planned)}


def _round(row: Any, known: Known, numbers: Mapping[UUID, int]) -> told.Round:
    planned, version, task, lineage = row
    sums = known.sums
    did = sums.tasks.get(task, TaskSums()) if task else None
    return told.Round(
        number=planned.number,
        version=version,
        sessions=sums.sessions,
        consented=sums.consented,
        groups={numbers[one]: n for one, n in sums.groups.items() if one is not None},
        access_needs=planned.access_needs,
        absence_reasoned=bool(planned.no_access_needs.strip()),
        primary=(did.successes, did.successes + did.helped + did.failed) if did else None,
        lineage=str(lineage or ""),
        last_on=sums.last_on,
    )


_FINDINGS = (
    select(Finding.number, TestRound.number, Finding.severity, Finding.closing)
    .join(TestRound, TestRound.id == Finding.round_id)
    .where(Finding.project_id == PROJECT)
    .order_by(Finding.number)
)


def findings(project: Project) -> Found:
    found = (
        told.Finding(number, round_, severity, closing is None)
        for number, round_, severity, closing in rows(_FINDINGS, of(project))
    )
    return {"findings": tuple(found)}

"""Read the facts of a final report: sums and decisions, never data about a participant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from portal.oversight.final_reports import policy
from portal.oversight.gates.evidence_queries import gather_evidence
from portal.oversight.gates.evidence_rules import EvidencePart, ReadinessSheetEvidence
from portal.oversight.gates.fact_queries import list_panels
from portal.oversight.gates.models import Panel
from portal.oversight.gates.queries import read_stored_states
from portal.oversight.gates.state_rules import GateSnapshot
from portal.oversight.gates.trial_predicate_rules import find_readiness_sheet
from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound
from portal.project.framing.metric_models import ImpactMetric, Measurement
from portal.project.framing.queries import map_latest_measurement_by_metric
from portal.project.projects.models import Project
from portal.project.projects.queries import get_programme_of
from portal.sprints.prototypes.evaluation_models import SubgroupResult
from portal.sprints.prototypes.evaluation_queries import list_subgroups_by_run
from portal.sprints.prototypes.models import PrototypeVersion
from portal.sprints.prototypes.queries import PrototypeSummary, get_prototype_summary
from portal.user_tests.findings.models import SEVERE, Finding
from portal.user_tests.reports.queries import list_tasks_by_round
from portal.user_tests.reports.round_rules import VersionedRound
from portal.user_tests.rounds.models import TestRound, TestTask
from portal.user_tests.rounds.sum_queries import read_results_by_round
from portal.user_tests.rounds.sum_rules import RoundResults

ROWS_MAX = 50  # rows of a table


@dataclass(frozen=True)
class RoundWithPrimaryTask:
    """A round with at least one session, and its primary task."""

    versioned_round: VersionedRound
    results: RoundResults
    primary: TestTask | None

    @property
    def round(self) -> TestRound:
        return self.versioned_round.round


@dataclass(frozen=True)
class FinalReportFacts:
    """Facts of a report. `panel` is the last one, `handover` the last complete handover sheet."""

    project: Project
    programme: Programme
    states: Sequence[GateSnapshot]
    tests: Sequence[RoundWithPrimaryTask]
    severe_open: int
    latest: PrototypeSummary
    subgroups: Sequence[SubgroupResult]
    metrics: Sequence[tuple[ImpactMetric, Measurement | None]]
    panel: Panel | None
    handover: ReadinessSheetEvidence | None


def get_project_with_report(actor: Actor, slug: str) -> Project:
    """Return a project whose report the actor reads. Raises `NotFound`."""
    project = db.session.scalar(select(Project).where(Project.slug == slug, policy.visible_to(actor)))
    if project is None:
        raise NotFound
    return project


def read_report_facts(project: Project) -> FinalReportFacts:
    """Return the facts of a report in a constant number of statements. The caller was allowed to
    read the report."""
    latest, panels = get_prototype_summary(project), list_panels(project)
    metrics = _list_metrics(project)
    measured = map_latest_measurement_by_metric(metrics)
    return FinalReportFacts(
        project=project,
        programme=get_programme_of(project),
        states=read_stored_states(project),
        tests=_list_tested_rounds(project),
        severe_open=_count_severe_findings(project),
        latest=latest,
        subgroups=list_subgroups_by_run([latest.run])[latest.run.id] if latest.run else [],
        metrics=[(metric, measured.get(metric.id)) for metric in metrics],
        panel=panels[0] if panels else None,
        handover=find_readiness_sheet(gather_evidence(project, [EvidencePart.SHEETS]), "handover"),
    )


def _list_metrics(project: Project) -> Sequence[ImpactMetric]:
    statement = select(ImpactMetric).where(ImpactMetric.project_id == project.id)
    return db.session.scalars(statement.order_by(ImpactMetric.number).limit(ROWS_MAX)).all()


def _list_tested_rounds(project: Project) -> Sequence[RoundWithPrimaryTask]:
    """Rounds with at least one session, by version."""
    statement = (
        select(TestRound, PrototypeVersion.number)
        .join(PrototypeVersion, PrototypeVersion.id == TestRound.prototype_version_id)
        .where(TestRound.project_id == project.id)
        .order_by(PrototypeVersion.number, TestRound.number)
    )
    rounds = [VersionedRound(*row) for row in db.session.execute(statement)]
    results_by_round = read_results_by_round([versioned_round.round for versioned_round in rounds])
    tasks: Mapping[UUID, Sequence[TestTask]] = list_tasks_by_round(rounds)
    return [
        RoundWithPrimaryTask(
            versioned_round,
            results_by_round[versioned_round.round.id],
            next((task for task in tasks.get(versioned_round.round.id, ()) if task.is_primary), None),
        )
        for versioned_round in rounds
        if results_by_round[versioned_round.round.id].sums.sessions
    ][-ROWS_MAX:]


def _count_severe_findings(project: Project) -> int:
    statement = select(func.count()).where(
        Finding.project_id == project.id, Finding.severity >= SEVERE, Finding.closed_at.is_(None)
    )
    return db.session.scalar(statement) or 0

"""Read the rounds of a project side by side, and the facts of a round's report.

Functions that take a round or its id expect that the caller may see it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import require_row
from portal.project.framing.models import TargetGroup
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import ListPage, read_column_page, select_in_project
from portal.sprints.backlog.models import Item
from portal.sprints.prototypes.models import PrototypeVersion
from portal.sprints.sprints.models import Sprint
from portal.user_tests.findings.models import Finding, Retest, RetestResult, Sighting
from portal.user_tests.findings.state_queries import FINDING_STATE, SESSION_COUNT, FindingState
from portal.user_tests.reports import policy
from portal.user_tests.reports.coverage_rules import Coverage, compute_coverage
from portal.user_tests.reports.round_rules import RoundTargetGroup, VersionedRound
from portal.user_tests.rounds.models import RoundGroup, TestRound, TestTask
from portal.user_tests.rounds.session_models import TestSession
from portal.user_tests.rounds.sum_queries import read_participation_by_round, read_results_by_round
from portal.user_tests.rounds.sum_rules import RoundResults


@dataclass(frozen=True)
class ReportedFinding:
    """A finding that a round showed. `session_count`: sessions of that round that showed it, or all
    of its sessions once the round is purged; `sprint` is the number of its item's sprint."""

    finding: Finding
    state: FindingState
    session_count: int
    item: Item | None
    sprint: int | None


@dataclass(frozen=True)
class RoundToReport:
    """A round with its project and version, and whether it belongs to a demonstration."""

    project: Project
    round: TestRound
    version: PrototypeVersion
    is_demonstration: bool = False


@dataclass(frozen=True)
class ReportFacts:
    """Facts of a round's report. `disappeared_count`: findings of earlier versions that it no
    longer showed; `next_round`: the next one planned on this version or a later one."""

    subject: RoundToReport
    tasks: Sequence[TestTask]
    aims: Sequence[RoundTargetGroup]
    results: RoundResults
    findings: Sequence[ReportedFinding]
    disappeared_count: int
    next_round: VersionedRound | None


def list_versioned_rounds(actor: Actor, project: Project) -> Sequence[VersionedRound]:
    """Return all rounds of a project, by version and number."""
    rounds = (
        select_in_project(actor, TestRound, project)
        .add_columns(PrototypeVersion.number)
        .join(PrototypeVersion, PrototypeVersion.id == TestRound.prototype_version_id)
        .order_by(PrototypeVersion.number, TestRound.number)
    )
    return [VersionedRound(*row) for row in db.session.execute(rounds)]


def list_tasks_by_round(rounds: Sequence[VersionedRound]) -> Mapping[UUID, Sequence[TestTask]]:
    """Return the tasks in order of position, by round id."""
    round_tasks = select(TestTask).where(TestTask.round_id.in_([round_.round.id for round_ in rounds]))
    tasks_by_round: dict[UUID, list[TestTask]] = defaultdict(list)
    for task in db.session.scalars(round_tasks.order_by(TestTask.position, TestTask.number)):
        tasks_by_round[task.round_id].append(task)
    return tasks_by_round


def list_round_target_groups(round_ids: Sequence[UUID]) -> Sequence[RoundTargetGroup]:
    """Return the aims of rounds, in the order of the project's target groups."""
    aims = (
        select(RoundGroup.round_id, TargetGroup, RoundGroup.participant_goal)
        .join(TargetGroup, TargetGroup.id == RoundGroup.target_group_id)
        .where(RoundGroup.round_id.in_(round_ids))
        .order_by(TargetGroup.number)
    )
    return [RoundTargetGroup(*row) for row in db.session.execute(aims)]


def list_target_groups(project: Project) -> Sequence[TargetGroup]:
    """Return all target groups, abandoned ones included: they may have had participants."""
    project_groups = select(TargetGroup).where(TargetGroup.project_id == project.id)
    return db.session.scalars(project_groups.order_by(TargetGroup.number)).all()


def find_latest_version_number(project: Project) -> int | None:
    latest_number = select(func.max(PrototypeVersion.number)).where(PrototypeVersion.project_id == project.id)
    return db.session.scalar(latest_number)


def get_round_to_report(actor: Actor, slug: str, number: int) -> RoundToReport:
    """Return a round whose report the actor may read. Raises `NotFound`."""
    statement = (
        select(Project, TestRound, PrototypeVersion, Programme.is_demonstration)
        .join(TestRound, TestRound.project_id == Project.id)
        .join(PrototypeVersion, PrototypeVersion.id == TestRound.prototype_version_id)
        .join(Programme, Programme.id == Project.programme_id)
        .where(Project.slug == slug, TestRound.number == number, policy.report_visible_to(actor))
    )
    return RoundToReport(*require_row(db.session.execute(statement).first()))


def read_report_facts(subject: RoundToReport) -> ReportFacts:
    """Read the facts of a report, in a constant number of statements."""
    versioned_round = VersionedRound(subject.round, subject.version.number)
    results = read_results_by_round([subject.round])[subject.round.id]
    return ReportFacts(
        subject=subject,
        tasks=list_tasks_by_round([versioned_round]).get(subject.round.id, []),
        aims=list_round_target_groups([subject.round.id]),
        results=results,
        findings=_list_reported_findings(subject.round, is_purged=results.is_purged),
        disappeared_count=_count_disappeared_findings(subject.round),
        next_round=_find_next_round(subject),
    )


def _list_reported_findings(round_: TestRound, *, is_purged: bool) -> Sequence[ReportedFinding]:
    """Return the findings that a round showed first or again, the most severe first."""
    shown_again_ids = select(Retest.finding_id).where(
        Retest.round_id == round_.id, Retest.result == RetestResult.STILL_THERE
    )
    rank = func.coalesce(Finding.severity, -1)
    findings = (
        select(
            Finding,
            FINDING_STATE,
            SESSION_COUNT if is_purged else _select_count_of_sessions_showing_findings(round_),
            Item,
            Sprint.number,
        )
        .outerjoin(Item, Item.id == Finding.item_id)
        .outerjoin(Sprint, Sprint.id == Item.iteration_id)
        .where(Finding.project_id == round_.project_id, Finding.merged_into_id.is_(None))
        .where(or_(Finding.round_id == round_.id, Finding.id.in_(shown_again_ids)))
        .order_by(rank.desc(), Finding.number)
    )
    return [
        ReportedFinding(finding, FindingState(state), session_count, item, sprint)
        for finding, state, session_count, item, sprint in db.session.execute(findings)
    ]


def _select_count_of_sessions_showing_findings(round_: TestRound) -> Any:
    """Select how many sessions of the round show a finding or one merged into it."""
    own = aliased(Finding)
    return (
        select(func.count(Sighting.session_id.distinct()))
        .join(own, own.id == Sighting.finding_id)
        .join(TestSession, TestSession.id == Sighting.session_id)
        .where(or_(own.id == Finding.id, own.merged_into_id == Finding.id))
        .where(TestSession.round_id == round_.id, TestSession.is_rehearsal.is_(False))
        .correlate(Finding)
        .scalar_subquery()
    )


def _count_disappeared_findings(round_: TestRound) -> int:
    disappeared = select(func.count()).where(
        Retest.round_id == round_.id, Retest.result == RetestResult.DISAPPEARED
    )
    return db.session.scalar(disappeared) or 0


def _find_next_round(subject: RoundToReport) -> VersionedRound | None:
    later = (
        select(TestRound, PrototypeVersion.number)
        .join(PrototypeVersion, PrototypeVersion.id == TestRound.prototype_version_id)
        .where(TestRound.project_id == subject.project.id, TestRound.number > subject.round.number)
        .where(PrototypeVersion.number >= subject.version.number, TestRound.ended_on.is_(None))
        .order_by(TestRound.number)
        .limit(1)
    )
    row = db.session.execute(later).first()
    return VersionedRound(*row) if row else None


def read_reported_rounds_page(programme: Programme, page: int) -> ListPage[RoundToReport]:
    """Return the ended rounds of a programme whose reports the caller may read, the latest
    first."""
    ended_rounds = (
        select(Project, TestRound, PrototypeVersion)
        .join(TestRound, TestRound.project_id == Project.id)
        .join(PrototypeVersion, PrototypeVersion.id == TestRound.prototype_version_id)
        .where(Project.programme_id == programme.id, TestRound.ended_on.is_not(None))
    )
    order = TestRound.ended_on.desc(), TestRound.id.desc()
    return read_column_page(ended_rounds, page, RoundToReport, *order)


def get_programme_slug(project: Project) -> str:
    """Return the slug of the programme of a project that the caller may see."""
    slug = select(Programme.slug).where(Programme.id == project.programme_id)
    return db.session.scalars(slug).one()


def read_coverage(actor: Actor, project: Project) -> Coverage | None:
    """Return which target groups tried which versions; None before a version of the prototype."""
    latest = find_latest_version_number(project)
    if latest is None:
        return None
    versioned_rounds = list_versioned_rounds(actor, project)
    rounds = [round_.round for round_ in versioned_rounds]
    aims = list_round_target_groups([round_.id for round_ in rounds])
    return compute_coverage(
        latest, list_target_groups(project), versioned_rounds, aims, read_participation_by_round(rounds)
    )

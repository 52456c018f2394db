"""Reading what an end-of-support report is made of: sums and decisions, never a participant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from portal.findings.models import SEVERE, Finding
from portal.framing.metrics import ImpactMetric, Measurement
from portal.framing.queries import list_latest
from portal.gates.evidence import Part, Sheet
from portal.gates.gather import gather
from portal.gates.models import Panel
from portal.gates.queries import list_panels, read_kept
from portal.gates.standing import State
from portal.gates.trials import sheet_of
from portal.kernel.access import Actor
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.outcomes import policy
from portal.programmes.models import Programme
from portal.projects.models import Project
from portal.prototypes.evaluation import SubgroupResult
from portal.prototypes.models import PrototypeVersion
from portal.prototypes.queries import Latest, list_subgroups, read_latest
from portal.test_reports.queries import Tried, list_tasks
from portal.user_tests.models import TestRound, TestTask
from portal.user_tests.round_sums import Known, read_known

EACH_MAX = 50  # rows of a table


@dataclass(frozen=True)
class Tested:
    """A round that somebody came to, with its primary task."""

    tried: Tried
    known: Known
    primary: TestTask | None


@dataclass(frozen=True)
class Facts:
    """All that a report says. `handover` is the last complete hand-over sheet."""

    project: Project
    programme: Programme
    states: Sequence[State]
    tests: Sequence[Tested]
    severe_open: int
    latest: Latest
    subgroups: Sequence[SubgroupResult]
    metrics: Sequence[tuple[ImpactMetric, Measurement | None]]
    panel: Panel | None
    handover: Sheet | None


def get_reported(actor: Actor, slug: str) -> Project:
    """A project whose report the actor reads. Raises `NotFound`."""
    found = db.session.scalar(select(Project).where(Project.slug == slug, policy.visible_to(actor)))
    if found is None:
        raise NotFound
    return found


def read_facts(project: Project) -> Facts:
    """In a constant number of queries, of a project whose report the caller may read."""
    latest, panels = read_latest(project), list_panels(project)
    metrics = _metrics(project)
    measured = list_latest(metrics)
    return Facts(
        project=project,
        programme=db.session.scalars(
            select(Programme).where(Programme.id == project.programme_id)
        ).one(),
        states=read_kept(project),
        tests=_tests(project),
        severe_open=_count_severe(project),
        latest=latest,
        subgroups=list_subgroups([latest.run])[latest.run.id] if latest.run else [],
        metrics=[(one, measured.get(one.id)) for one in metrics],
        panel=panels[0] if panels else None,
        handover=sheet_of(gather(project, [Part.SHEETS]), "handover"),
    )


def _metrics(project: Project) -> Sequence[ImpactMetric]:
    mine = select(ImpactMetric).where(ImpactMetric.project_id == project.id)
    return db.session.scalars(mine.order_by(ImpactMetric.number).limit(EACH_MAX)).all()


def _tests(project: Project) -> Sequence[Tested]:
    """From the first version to the last; rounds that nobody came to are left out."""
    mine = (
        select(TestRound, PrototypeVersion.number)
        .join(PrototypeVersion, PrototypeVersion.id == TestRound.prototype_version_id)
        .where(TestRound.project_id == project.id)
        .order_by(PrototypeVersion.number, TestRound.number)
    )
    tried = [Tried(*row) for row in db.session.execute(mine)]
    known = read_known([one.round for one in tried])
    tasks: Mapping[UUID, Sequence[TestTask]] = list_tasks(tried)
    return [
        Tested(
            one,
            known[one.round.id],
            next((task for task in tasks.get(one.round.id, ()) if task.is_primary), None),
        )
        for one in tried
        if known[one.round.id].sums.sessions
    ][-EACH_MAX:]


def _count_severe(project: Project) -> int:
    open_ = select(func.count()).where(
        Finding.project_id == project.id, Finding.severity >= SEVERE, Finding.closed_at.is_(None)
    )
    return db.session.scalar(open_) or 0

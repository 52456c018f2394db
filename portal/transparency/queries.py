"""Reading the sheet of a project, what it is filled from, and what was published."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from portal.accounts.models import Person
from portal.data_sources.models import DataSource
from portal.framing.metrics import ImpactMetric, Measurement
from portal.framing.models import TargetGroup
from portal.framing.queries import list_latest
from portal.kernel.access import Actor
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.programmes.models import Programme
from portal.projects.models import Project
from portal.projects.numbered import of_project
from portal.prototypes.evaluation import EvaluationProtocol, EvaluationRun, SubgroupResult
from portal.prototypes.models import PrototypeVersion
from portal.prototypes.queries import list_subgroups, read_latest, version_numbers
from portal.risks.models import Mitigation, Progress, Risk
from portal.test_reports.queries import list_tried
from portal.transparency.models import Part, Publication, SheetPart
from portal.user_tests.round_sums import read_came

EACH_MAX = 200  # rows of each kind in a sheet


@dataclass(frozen=True)
class Tests:
    """User tests as sums: how many took part in how many rounds, up to which version."""

    rounds: int
    participants: int
    last_version: int


@dataclass(frozen=True)
class Facts:
    """What the objects of a project say. `mitigations` are those in place, by risk."""

    project: Project
    is_demonstration: bool
    groups: Sequence[TargetGroup]
    metrics: Sequence[tuple[ImpactMetric, Measurement | None]]
    sources: Sequence[DataSource]
    version: PrototypeVersion | None
    run: EvaluationRun | None
    tried: int | None  # the version that the run tried
    protocol: EvaluationProtocol | None
    subgroups: Sequence[SubgroupResult]
    risks: Sequence[Risk]
    mitigations: Mapping[UUID, Sequence[Mitigation]]
    tests: Tests | None


@dataclass(frozen=True)
class Choice:
    """Which sources and risks appear, by number; None: nobody chose yet, and all do."""

    sources: Sequence[int] | None = None
    risks: Sequence[int] | None = None

    def takes_source(self, number: int) -> bool:
        return self.sources is None or number in self.sources

    def takes_risk(self, number: int) -> bool:
        return self.risks is None or number in self.risks


@dataclass(frozen=True)
class Written:
    """What the team wrote: its texts by name, and what it chose; the rows themselves by part."""

    texts: Mapping[str, str]
    choice: Choice
    rows: Mapping[Part, SheetPart]


@dataclass(frozen=True)
class Edition:
    """A publication with the names of who published and who ended it."""

    publication: Publication
    published_by: str
    ended_by: str | None


def read_facts(actor: Actor, project: Project) -> Facts:
    """In a constant number of queries, of a project that the actor reads."""
    groups = _each(actor, TargetGroup, project, TargetGroup.left_on.is_(None))
    metrics = _each(actor, ImpactMetric, project)
    measured = list_latest(metrics)
    latest = read_latest(project)
    risks = _each(actor, Risk, project, Risk.closed_at.is_(None))
    return Facts(
        project=project,
        is_demonstration=_is_demonstration(project),
        groups=groups,
        metrics=[(metric, measured.get(metric.id)) for metric in metrics],
        sources=_each(actor, DataSource, project),
        version=latest.version,
        run=latest.run,
        tried=_tried(latest.run),
        protocol=latest.protocol,
        subgroups=list_subgroups([latest.run])[latest.run.id] if latest.run else [],
        risks=risks,
        mitigations=_in_place(risks),
        tests=_read_tests(actor, project),
    )


def _tried(run: EvaluationRun | None) -> int | None:
    return version_numbers([run]).get(run.prototype_version_id) if run else None


def _each(actor: Actor, model: Any, project: Project, *which: Any) -> Sequence[Any]:
    mine = of_project(actor, model, project).where(*which)
    return db.session.scalars(mine.order_by(model.number).limit(EACH_MAX)).all()


def _in_place(risks: Sequence[Risk]) -> Mapping[UUID, Sequence[Mitigation]]:
    mine = select(Mitigation).where(
        Mitigation.risk_id.in_([risk.id for risk in risks]),
        Mitigation.progress == Progress.IN_PLACE,
    )
    found: dict[UUID, list[Mitigation]] = {risk.id: [] for risk in risks}
    for row in db.session.scalars(mine.order_by(Mitigation.number)):
        found[row.risk_id].append(row)
    return found


def _read_tests(actor: Actor, project: Project) -> Tests | None:
    tried = list_tried(actor, project)
    came = read_came([one.round for one in tried])
    held = [one for one in tried if came[one.round.id].sessions]
    if not held:
        return None
    participants = sum(came[one.round.id].sessions for one in held)
    return Tests(len(held), participants, max(one.version for one in held))


def _is_demonstration(project: Project) -> bool:
    mine = select(Programme.is_demonstration).where(Programme.id == project.programme_id)
    return bool(db.session.scalar(mine))


def read_written(project: Project) -> Written:
    """Of a project that the caller was already allowed to see."""
    found = db.session.scalars(select(SheetPart).where(SheetPart.project_id == project.id))
    rows = {row.part: row for row in found}
    texts = {
        name: value
        for part in (Part.PUBLIC, Part.EXPERTS)
        if part in rows
        for name, value in rows[part].values.items()
    }
    chosen = rows[Part.CHOICE].values if Part.CHOICE in rows else {}
    return Written(texts, Choice(**chosen), rows)


def list_editions(project: Project) -> Sequence[Edition]:
    """All publications of a project that the caller may see, the latest first."""
    publisher, ender = aliased(Person), aliased(Person)
    mine = (
        select(Publication, publisher.name, ender.name)
        .join(publisher, publisher.id == Publication.published_by_id)
        .outerjoin(ender, ender.id == Publication.ended_by_id)
        .where(Publication.project_id == project.id)
        .order_by(Publication.number.desc())
        .limit(EACH_MAX)
    )
    return [Edition(*row) for row in db.session.execute(mine)]


def find_read(project: Project) -> Publication | None:
    """The one that anybody reads now."""
    mine = select(Publication).where(
        Publication.project_id == project.id, Publication.ended_at.is_(None)
    )
    return db.session.scalar(mine)


def get_read(project: Project) -> Publication:
    """The same. Raises `NotFound` while nothing is published."""
    found = find_read(project)
    if found is None:
        raise NotFound
    return found


def get_published(slug: str) -> Publication:
    """For anybody: what a project publishes, and nothing else of it. Raises `NotFound`."""
    one = (
        select(Publication)
        .join(Project, Project.id == Publication.project_id)
        .where(Project.slug == slug, Publication.ended_at.is_(None))
    )
    found = db.session.scalar(one)
    if found is None:
        raise NotFound
    return found


def list_published() -> Sequence[Publication]:
    """For anybody: all that is published, the latest first."""
    mine = select(Publication).where(Publication.ended_at.is_(None))
    ordered = mine.order_by(Publication.published_on.desc(), Publication.id.desc())
    return db.session.scalars(ordered.limit(EACH_MAX)).all()

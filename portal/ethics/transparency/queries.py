"""Reads the rows that make a sheet, the team's draft, and publications."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from portal.ethics.risks.models import Mitigation, MitigationState, Risk
from portal.ethics.transparency.models import Publication, StoredTransparencyPart, TransparencyPartKind
from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, get_row
from portal.platform.kernel.errors import NotFound
from portal.project.data_sources.models import DataSource
from portal.project.framing.metric_models import ImpactMetric, Measurement
from portal.project.framing.models import TargetGroup
from portal.project.framing.queries import map_latest_measurement_by_metric
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import select_in_project
from portal.sprints.prototypes.evaluation_models import EvaluationProtocol, EvaluationRun, SubgroupResult
from portal.sprints.prototypes.evaluation_queries import list_subgroups_by_run
from portal.sprints.prototypes.models import PrototypeVersion
from portal.sprints.prototypes.queries import get_prototype_summary, map_version_numbers
from portal.user_tests.reports.queries import list_versioned_rounds
from portal.user_tests.rounds.sum_queries import read_participation_by_round

EACH_MAX = 200  # rows of each kind in a sheet


@dataclass(frozen=True)
class UserTestSums:
    """Sums of user tests: rounds, participations, and the last tested version."""

    rounds: int
    participants: int
    last_version: int


@dataclass(frozen=True)
class TransparencyFacts:
    """The rows of a project that make its sheet. `mitigations` are those in place, by risk id."""

    project: Project
    is_demonstration: bool
    groups: Sequence[TargetGroup]
    metrics: Sequence[tuple[ImpactMetric, Measurement | None]]
    sources: Sequence[DataSource]
    version: PrototypeVersion | None
    run: EvaluationRun | None
    evaluated_version: int | None  # number of the version that the run evaluated
    protocol: EvaluationProtocol | None
    subgroups: Sequence[SubgroupResult]
    risks: Sequence[Risk]
    mitigations: Mapping[UUID, Sequence[Mitigation]]
    tests: UserTestSums | None


@dataclass(frozen=True)
class RowSelection:
    """Numbers of the sources and risks that appear; None, before any selection: all."""

    sources: Sequence[int] | None = None
    risks: Sequence[int] | None = None

    def shows_source(self, number: int) -> bool:
        return self.sources is None or number in self.sources

    def shows_risk(self, number: int) -> bool:
        return self.risks is None or number in self.risks


def list_shown_row_numbers(facts: TransparencyFacts, selection: RowSelection) -> Mapping[str, Sequence[int]]:
    """The numbers of the rows that appear: `sources` and `risks`."""
    return {
        "sources": [row.number for row in facts.sources if selection.shows_source(row.number)],
        "risks": [row.number for row in facts.risks if selection.shows_risk(row.number)],
    }


@dataclass(frozen=True)
class TransparencySheetDraft:
    """The team's texts by stored name, its selection, and the rows of both by part."""

    texts: Mapping[str, str]
    choice: RowSelection
    rows: Mapping[TransparencyPartKind, StoredTransparencyPart]


@dataclass(frozen=True)
class PublicationWithNames:
    """A publication with the names of who published it and who ended it."""

    publication: Publication
    published_by: str
    ended_by: str | None


@dataclass(frozen=True)
class PublishedSheet:
    """The edition that anybody reads, and its project as it is today."""

    edition: Publication
    project: Project


def read_sheet_facts(actor: Actor, project: Project) -> TransparencyFacts:
    """Read what makes the sheet of a visible project, in a constant number of statements."""
    groups = _list_project_rows(actor, TargetGroup, project, TargetGroup.left_on.is_(None))
    metrics = _list_project_rows(actor, ImpactMetric, project)
    measured = map_latest_measurement_by_metric(metrics)
    latest = get_prototype_summary(project)
    risks = _list_project_rows(actor, Risk, project, Risk.closed_at.is_(None))
    return TransparencyFacts(
        project=project,
        is_demonstration=_is_demonstration(project),
        groups=groups,
        metrics=[(metric, measured.get(metric.id)) for metric in metrics],
        sources=_list_project_rows(actor, DataSource, project),
        version=latest.version,
        run=latest.run,
        evaluated_version=_find_evaluated_version_number(latest.run),
        protocol=latest.protocol,
        subgroups=list_subgroups_by_run([latest.run])[latest.run.id] if latest.run else [],
        risks=risks,
        mitigations=_list_mitigations_in_place_by_risk(risks),
        tests=_read_user_test_sums(actor, project),
    )


def _find_evaluated_version_number(run: EvaluationRun | None) -> int | None:
    return map_version_numbers([run]).get(run.prototype_version_id) if run else None


def _list_project_rows(actor: Actor, model: Any, project: Project, *clauses: Any) -> Sequence[Any]:
    statement = select_in_project(actor, model, project).where(*clauses)
    return db.session.scalars(statement.order_by(model.number).limit(EACH_MAX)).all()


def _list_mitigations_in_place_by_risk(risks: Sequence[Risk]) -> Mapping[UUID, Sequence[Mitigation]]:
    statement = select(Mitigation).where(
        Mitigation.risk_id.in_([risk.id for risk in risks]),
        Mitigation.progress == MitigationState.IN_PLACE,
    )
    mitigations_by_risk: dict[UUID, list[Mitigation]] = {risk.id: [] for risk in risks}
    for row in db.session.scalars(statement.order_by(Mitigation.number)):
        mitigations_by_risk[row.risk_id].append(row)
    return mitigations_by_risk


def _read_user_test_sums(actor: Actor, project: Project) -> UserTestSums | None:
    tested_rounds = list_versioned_rounds(actor, project)
    participation = read_participation_by_round([tested_round.round for tested_round in tested_rounds])
    rounds_with_sessions = [
        tested_round for tested_round in tested_rounds if participation[tested_round.round.id].sessions
    ]
    if not rounds_with_sessions:
        return None
    participants = sum(participation[tested_round.round.id].sessions for tested_round in rounds_with_sessions)
    return UserTestSums(
        len(rounds_with_sessions),
        participants,
        max(tested_round.version for tested_round in rounds_with_sessions),
    )


def _is_demonstration(project: Project) -> bool:
    statement = select(Programme.is_demonstration).where(Programme.id == project.programme_id)
    return bool(db.session.scalar(statement))


def get_draft(project: Project) -> TransparencySheetDraft:
    """The team's texts and selection, of a visible project."""
    parts = db.session.scalars(
        select(StoredTransparencyPart).where(StoredTransparencyPart.project_id == project.id)
    )
    rows = {row.part: row for row in parts}
    texts = {
        name: value
        for part in (TransparencyPartKind.PUBLIC, TransparencyPartKind.EXPERTS)
        if part in rows
        for name, value in rows[part].values.items()
    }
    selection = rows[TransparencyPartKind.CHOICE].values if TransparencyPartKind.CHOICE in rows else {}
    return TransparencySheetDraft(texts, RowSelection(**selection), rows)


def list_editions(project: Project) -> Sequence[PublicationWithNames]:
    """All publications of a visible project, the latest first."""
    publisher, ender = aliased(Person), aliased(Person)
    statement = (
        select(Publication, publisher.name, ender.name)
        .join(publisher, publisher.id == Publication.published_by_id)
        .outerjoin(ender, ender.id == Publication.ended_by_id)
        .where(Publication.project_id == project.id)
        .order_by(Publication.number.desc())
        .limit(EACH_MAX)
    )
    return [PublicationWithNames(*row) for row in db.session.execute(statement)]


def find_current_publication(project: Project) -> Publication | None:
    """The publication that is public now, None without one."""
    statement = select(Publication).where(
        Publication.project_id == project.id, Publication.ended_at.is_(None)
    )
    return db.session.scalar(statement)


def get_current_publication(project: Project) -> Publication:
    """The same. Raises `NotFound` without one."""
    publication = find_current_publication(project)
    if publication is None:
        raise NotFound
    return publication


def get_published_sheet(slug: str) -> PublishedSheet:
    """The current publication of a project, for anybody. Raises `NotFound`."""
    return PublishedSheet(*get_row(_PUBLISHED.where(Project.slug == slug)))


def list_published_sheets() -> Sequence[PublishedSheet]:
    """All current publications, for anybody, the latest first."""
    ordered = _PUBLISHED.order_by(Publication.published_on.desc(), Publication.id.desc())
    return [PublishedSheet(*row) for row in db.session.execute(ordered.limit(EACH_MAX))]


_PUBLISHED = (
    select(Publication, Project)
    .join(Project, Project.id == Publication.project_id)
    .where(Publication.ended_at.is_(None))
)


def _select_of_last_edition(column: Any) -> Any:
    return (
        select(column)
        .where(Publication.project_id == bindparam("project"))
        .order_by(Publication.number.desc())
        .limit(1)
        .scalar_subquery()
    )


# Of the last edition: its day, when it ended, and why it was withdrawn.
PROJECT_FIGURES = (
    _select_of_last_edition(Publication.published_on),
    _select_of_last_edition(Publication.ended_at),
    _select_of_last_edition(Publication.withdrawn_because),
)

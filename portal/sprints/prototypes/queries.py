"""Reading versions and evaluations. Whatever comes back, the actor may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, or_, select

from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.subqueries import rows_subquery
from portal.project.projects.models import Numbered, Project
from portal.project.projects.numbered_queries import (
    ListPage,
    get_by_number,
    read_list_page,
    select_in_project,
)
from portal.project.projects.revision_queries import AuditRevision, list_revisions
from portal.sprints.prototypes.evaluation_models import (
    EvaluationProtocol,
    EvaluationRun,
    Pivot,
    SubgroupResult,
)
from portal.sprints.prototypes.models import PrototypeVersion
from portal.sprints.sprints import policy as sprints
from portal.sprints.sprints.models import Sprint

CHOICES_MAX = 60  # sprints or versions to choose among, the latest


@dataclass(frozen=True)
class PrototypeSummary:
    """What a project's own pages say of its prototype."""

    version: PrototypeVersion | None
    run: EvaluationRun | None
    protocol: EvaluationProtocol | None  # of the run
    protocols: int


def list_versions(actor: Actor, project: Project, page: int = 1) -> ListPage[PrototypeVersion]:
    """The latest first."""
    versions = select_in_project(actor, PrototypeVersion, project)
    return read_list_page(versions, page, PrototypeVersion.number.desc())


def get_version(actor: Actor, project: Project, number: int) -> PrototypeVersion:
    return get_by_number(actor, PrototypeVersion, project, number)


def get_version_with_sprint(
    actor: Actor, project: Project, number: int
) -> tuple[PrototypeVersion, int | None]:
    """A version, and the number of the sprint it came from. Raises `NotFound`."""
    version_by_number = select_in_project(actor, PrototypeVersion, project).where(
        PrototypeVersion.number == number
    )
    both = version_by_number.add_columns(Sprint.number).outerjoin(
        Sprint, Sprint.id == PrototypeVersion.sprint_id
    )
    row = db.session.execute(both).first()
    if row is None:
        raise NotFound
    return row[0], row[1]


def find_latest_version(actor: Actor, project: Project) -> PrototypeVersion | None:
    versions = select_in_project(actor, PrototypeVersion, project)
    return db.session.scalar(versions.order_by(PrototypeVersion.number.desc()).limit(1))


def find_adjacent_versions(
    actor: Actor, project: Project, number: int
) -> tuple[PrototypeVersion | None, PrototypeVersion | None]:
    """The versions before and after a number, whether or not it is taken."""
    versions = select_in_project(actor, PrototypeVersion, project)
    before = versions.where(PrototypeVersion.number < number).order_by(
        PrototypeVersion.number.desc()
    )
    after = versions.where(PrototypeVersion.number > number).order_by(PrototypeVersion.number)
    return db.session.scalar(before.limit(1)), db.session.scalar(after.limit(1))


def list_version_choices(actor: Actor, project: Project) -> Sequence[PrototypeVersion]:
    versions = select_in_project(actor, PrototypeVersion, project)
    return db.session.scalars(
        versions.order_by(PrototypeVersion.number.desc()).limit(CHOICES_MAX)
    ).all()


def list_sprint_choices(actor: Actor, project: Project) -> Sequence[Sprint]:
    """The project's sprints, the latest first."""
    project_sprints = select(Sprint).where(
        Sprint.project_id == project.id, sprints.visible_to(actor)
    )
    return db.session.scalars(
        project_sprints.order_by(Sprint.number.desc()).limit(CHOICES_MAX)
    ).all()


def map_sprint_numbers(versions: Sequence[PrototypeVersion]) -> Mapping[UUID, int]:
    """The numbers of the sprints that these versions came from, by id."""
    ids = [version.sprint_id for version in versions if version.sprint_id]
    if not ids:
        return {}
    rows = db.session.execute(select(Sprint.id, Sprint.number).where(Sprint.id.in_(ids)))
    return {row[0]: row[1] for row in rows}


def list_protocols(actor: Actor, project: Project, page: int = 1) -> ListPage[EvaluationProtocol]:
    """The latest first."""
    protocols = select_in_project(actor, EvaluationProtocol, project)
    return read_list_page(protocols, page, EvaluationProtocol.number.desc())


def get_protocol(actor: Actor, project: Project, number: int) -> EvaluationProtocol:
    return get_by_number(actor, EvaluationProtocol, project, number)


def find_successor(protocol: EvaluationProtocol) -> EvaluationProtocol | None:
    """What replaced it. The caller may see the protocol."""
    after = select(EvaluationProtocol).where(EvaluationProtocol.replaces_id == protocol.id)
    return db.session.scalar(after)


def find_adjacent_protocols(
    protocol: EvaluationProtocol,
) -> tuple[EvaluationProtocol | None, EvaluationProtocol | None]:
    """What it replaced, and what replaced it. The caller may see the protocol."""
    either = or_(
        EvaluationProtocol.id == protocol.replaces_id,
        EvaluationProtocol.replaces_id == protocol.id,
    )
    neighbours = db.session.scalars(select(EvaluationProtocol).where(either)).all()
    before = [neighbour for neighbour in neighbours if neighbour.id == protocol.replaces_id]
    after = [neighbour for neighbour in neighbours if neighbour.replaces_id == protocol.id]
    return (before[0] if before else None), (after[0] if after else None)


def list_replaced_ids(protocols: Sequence[EvaluationProtocol]) -> frozenset[UUID]:
    """Those among them that another one has replaced."""
    ids = [protocol.id for protocol in protocols]
    after = select(EvaluationProtocol.replaces_id).where(EvaluationProtocol.replaces_id.in_(ids))
    return frozenset(id_ for id_ in db.session.scalars(after) if id_ is not None)


def count_runs(protocol: EvaluationProtocol) -> int:
    count_statement = select(func.count()).where(EvaluationRun.protocol_id == protocol.id)
    return db.session.scalar(count_statement) or 0


def list_runs(
    actor: Actor, project: Project, protocol: EvaluationProtocol, page: int = 1
) -> ListPage[EvaluationRun]:
    """The latest first."""
    project_runs = select_in_project(actor, EvaluationRun, project)
    own = project_runs.where(EvaluationRun.protocol_id == protocol.id)
    return read_list_page(own, page, EvaluationRun.ran_on.desc(), EvaluationRun.number.desc())


def get_run(
    actor: Actor, project: Project, protocol: EvaluationProtocol, number: int
) -> EvaluationRun:
    run = get_by_number(actor, EvaluationRun, project, number)
    if run.protocol_id != protocol.id:
        raise NotFound
    return run


def list_last_runs(protocols: Sequence[EvaluationProtocol]) -> Mapping[UUID, EvaluationRun]:
    """The latest run of each, by protocol. The caller may see them."""
    latest = (
        func.row_number()
        .over(
            partition_by=EvaluationRun.protocol_id,
            order_by=(EvaluationRun.ran_on.desc(), EvaluationRun.number.desc()),
        )
        .label("latest")
    )
    ids = [protocol.id for protocol in protocols]
    ranked = select(EvaluationRun.id, latest).where(EvaluationRun.protocol_id.in_(ids)).subquery()
    first = select(EvaluationRun).join(ranked, ranked.c.id == EvaluationRun.id)
    runs = db.session.scalars(first.where(ranked.c.latest == 1))
    return {run.protocol_id: run for run in runs}


def list_subgroups(runs: Sequence[EvaluationRun]) -> Mapping[UUID, Sequence[SubgroupResult]]:
    """By run, in the order in which they were typed."""
    ids = [run.id for run in runs]
    rows = select(SubgroupResult).where(SubgroupResult.run_id.in_(ids))
    subgroups_by_run: dict[UUID, list[SubgroupResult]] = {id_: [] for id_ in ids}
    for row in db.session.scalars(rows.order_by(SubgroupResult.position)):
        subgroups_by_run[row.run_id].append(row)
    return subgroups_by_run


def map_version_numbers(
    runs: Sequence[EvaluationRun], corrections: Sequence[AuditRevision] = ()
) -> Mapping[UUID, int]:
    """The numbers of the versions that these runs tried, or were said to have tried, by id."""
    version_pairs = (
        correction.changes.get("prototype_version_id", ()) for correction in corrections
    )
    ids = {UUID(id_) for both in version_pairs for id_ in both if id_}
    ids |= {run.prototype_version_id for run in runs}
    versions = select(PrototypeVersion.id, PrototypeVersion.number)
    rows = db.session.execute(versions.where(PrototypeVersion.id.in_(ids)))
    return {row[0]: row[1] for row in rows}


def list_corrections(
    protocol: EvaluationProtocol, runs: Sequence[EvaluationRun]
) -> Sequence[AuditRevision]:
    """What was mended of a protocol and of these runs of it after they had been noted, the latest
    first: whether a threshold came before a result is read from the days, so no edit is silent.
    """
    ids = [protocol.id, *(run.id for run in runs)]
    return list_revisions(ids, {"protocol.changed", "evaluation.run_changed"})


def list_pivots(protocol: EvaluationProtocol) -> Sequence[Pivot]:
    pivots = select(Pivot).where(Pivot.protocol_id == protocol.id)
    return db.session.scalars(pivots.order_by(Pivot.number.desc()).limit(CHOICES_MAX)).all()


def has_pivot(protocol: EvaluationProtocol, decided_on: date, reason: str) -> bool:
    """Whether this very decision is noted already."""
    same = Pivot.reason_sha256 == Pivot.reason_digest(reason)
    same_decision = select(Pivot.id).where(
        Pivot.protocol_id == protocol.id, Pivot.decided_on == decided_on, same
    )
    return db.session.scalar(same_decision) is not None


def _newest_id(model: type[Numbered], *order: Any) -> Any:
    row_ids = select(model.id).where(model.project_id == bindparam("project"))
    return row_ids.order_by(*order).limit(1).correlate(None).scalar_subquery()


_NEWEST_VERSION_ID = _newest_id(PrototypeVersion, PrototypeVersion.number.desc())
_NEWEST_RUN_ID = _newest_id(EvaluationRun, EvaluationRun.ran_on.desc(), EvaluationRun.number.desc())
_PROTOCOL_COUNT = (
    select(func.count())
    .select_from(EvaluationProtocol)
    .where(EvaluationProtocol.project_id == bindparam("project"))
    .correlate(None)
    .scalar_subquery()
)
_VERSION_FIELDS = ("number", "released_on", "automation")
_PROTOCOL_FIELDS = ("metric", "direction", "baseline", "threshold")


def _build_version(*values: Any) -> PrototypeVersion:
    return PrototypeVersion(**dict(zip(_VERSION_FIELDS, values, strict=True)))


def _build_run(result: float, *protocol_values: Any) -> tuple[EvaluationRun, EvaluationProtocol]:
    protocol = EvaluationProtocol(**dict(zip(_PROTOCOL_FIELDS, protocol_values, strict=True)))
    return EvaluationRun(result=result), protocol


# Of the project that is bound: its latest version, its latest run with its protocol (as far as a
# line tells of them: to be read, not changed), and how many protocols there are.
PROJECT_FIGURES = (
    rows_subquery(
        select(*(getattr(PrototypeVersion, name) for name in _VERSION_FIELDS)).where(
            PrototypeVersion.id == _NEWEST_VERSION_ID
        ),
        _build_version,
    ),
    rows_subquery(
        select(
            EvaluationRun.result, *(getattr(EvaluationProtocol, name) for name in _PROTOCOL_FIELDS)
        )
        .join(EvaluationProtocol, EvaluationProtocol.id == EvaluationRun.protocol_id)
        .where(EvaluationRun.id == _NEWEST_RUN_ID),
        _build_run,
    ),
    _PROTOCOL_COUNT,
)


def build_summary(values: Sequence[Any]) -> PrototypeSummary:
    """What `PROJECT_FIGURES` tell."""
    versions, judged, protocols = values
    run, protocol = judged[0] if judged else (None, None)
    return PrototypeSummary(versions[0] if versions else None, run, protocol, protocols)


_SELECT_SUMMARY = (
    select(PrototypeVersion, EvaluationRun, EvaluationProtocol, _PROTOCOL_COUNT)
    .select_from(Project)
    .outerjoin(PrototypeVersion, PrototypeVersion.id == _NEWEST_VERSION_ID)
    .outerjoin(EvaluationRun, EvaluationRun.id == _NEWEST_RUN_ID)
    .outerjoin(EvaluationProtocol, EvaluationProtocol.id == EvaluationRun.protocol_id)
    .where(Project.id == bindparam("project"))
)


def get_prototype_summary(project: Project) -> PrototypeSummary:
    """Of a project that the caller was already allowed to see."""
    version, run, protocol, protocols = db.session.execute(
        _SELECT_SUMMARY, {"project": project.id}
    ).one()
    return PrototypeSummary(version, run, protocol, protocols)

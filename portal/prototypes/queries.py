"""Reading versions and evaluations. Whatever comes back, the actor may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, or_, select

from portal.kernel.access import Actor
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.kernel.lists import rows_of
from portal.projects.models import Numbered, Project
from portal.projects.numbered import Page, get_one, of_project, read_page
from portal.projects.revisions import Revision, list_revisions
from portal.prototypes.evaluation import (
    EvaluationProtocol,
    EvaluationRun,
    Pivot,
    SubgroupResult,
)
from portal.prototypes.models import PrototypeVersion
from portal.sprints import policy as sprints
from portal.sprints.models import Sprint

CHOICES = 60  # sprints or versions to choose among, the latest


@dataclass(frozen=True)
class Latest:
    """What a project's own pages say of its prototype."""

    version: PrototypeVersion | None
    run: EvaluationRun | None
    protocol: EvaluationProtocol | None  # of the run
    protocols: int


def read_versions(actor: Actor, project: Project, page: int = 1) -> Page[PrototypeVersion]:
    """The latest first."""
    mine = of_project(actor, PrototypeVersion, project)
    return read_page(mine, page, PrototypeVersion.number.desc())


def get_version(actor: Actor, project: Project, number: int) -> PrototypeVersion:
    return get_one(actor, PrototypeVersion, project, number)


def read_version(
    actor: Actor, project: Project, number: int
) -> tuple[PrototypeVersion, int | None]:
    """A version, and the number of the sprint it came from. Raises `NotFound`."""
    mine = of_project(actor, PrototypeVersion, project).where(PrototypeVersion.number == number)
    both = mine.add_columns(Sprint.number).outerjoin(
        Sprint, Sprint.id == PrototypeVersion.sprint_id
    )
    found = db.session.execute(both).first()
    if found is None:
        raise NotFound
    return found[0], found[1]


def find_latest_version(actor: Actor, project: Project) -> PrototypeVersion | None:
    mine = of_project(actor, PrototypeVersion, project)
    return db.session.scalar(mine.order_by(PrototypeVersion.number.desc()).limit(1))


def find_versions_beside(
    actor: Actor, project: Project, number: int
) -> tuple[PrototypeVersion | None, PrototypeVersion | None]:
    """The versions before and after a number, whether or not it is taken."""
    mine = of_project(actor, PrototypeVersion, project)
    before = mine.where(PrototypeVersion.number < number).order_by(PrototypeVersion.number.desc())
    after = mine.where(PrototypeVersion.number > number).order_by(PrototypeVersion.number)
    return db.session.scalar(before.limit(1)), db.session.scalar(after.limit(1))


def list_version_choices(actor: Actor, project: Project) -> Sequence[PrototypeVersion]:
    mine = of_project(actor, PrototypeVersion, project)
    return db.session.scalars(mine.order_by(PrototypeVersion.number.desc()).limit(CHOICES)).all()


def list_sprint_choices(actor: Actor, project: Project) -> Sequence[Sprint]:
    """The project's sprints, the latest first."""
    mine = select(Sprint).where(Sprint.project_id == project.id, sprints.visible_to(actor))
    return db.session.scalars(mine.order_by(Sprint.number.desc()).limit(CHOICES)).all()


def sprint_numbers(versions: Sequence[PrototypeVersion]) -> Mapping[UUID, int]:
    """The numbers of the sprints that these versions came from, by id."""
    ids = [version.sprint_id for version in versions if version.sprint_id]
    if not ids:
        return {}
    found = db.session.execute(select(Sprint.id, Sprint.number).where(Sprint.id.in_(ids)))
    return {row[0]: row[1] for row in found}


def read_protocols(actor: Actor, project: Project, page: int = 1) -> Page[EvaluationProtocol]:
    """The latest first."""
    mine = of_project(actor, EvaluationProtocol, project)
    return read_page(mine, page, EvaluationProtocol.number.desc())


def get_protocol(actor: Actor, project: Project, number: int) -> EvaluationProtocol:
    return get_one(actor, EvaluationProtocol, project, number)


def find_successor(protocol: EvaluationProtocol) -> EvaluationProtocol | None:
    """What replaced it. The caller may see the protocol."""
    after = select(EvaluationProtocol).where(EvaluationProtocol.replaces_id == protocol.id)
    return db.session.scalar(after)


def find_neighbours(
    protocol: EvaluationProtocol,
) -> tuple[EvaluationProtocol | None, EvaluationProtocol | None]:
    """What it replaced, and what replaced it. The caller may see the protocol."""
    either = or_(
        EvaluationProtocol.id == protocol.replaces_id,
        EvaluationProtocol.replaces_id == protocol.id,
    )
    found = db.session.scalars(select(EvaluationProtocol).where(either)).all()
    before = [one for one in found if one.id == protocol.replaces_id]
    after = [one for one in found if one.replaces_id == protocol.id]
    return (before[0] if before else None), (after[0] if after else None)


def list_replaced(protocols: Sequence[EvaluationProtocol]) -> frozenset[UUID]:
    """Those among them that another one has replaced."""
    ids = [protocol.id for protocol in protocols]
    after = select(EvaluationProtocol.replaces_id).where(EvaluationProtocol.replaces_id.in_(ids))
    return frozenset(id_ for id_ in db.session.scalars(after) if id_ is not None)


def count_runs(protocol: EvaluationProtocol) -> int:
    mine = select(func.count()).where(EvaluationRun.protocol_id == protocol.id)
    return db.session.scalar(mine) or 0


def read_runs(
    actor: Actor, project: Project, protocol: EvaluationProtocol, page: int = 1
) -> Page[EvaluationRun]:
    """The latest first."""
    mine = of_project(actor, EvaluationRun, project)
    own = mine.where(EvaluationRun.protocol_id == protocol.id)
    return read_page(own, page, EvaluationRun.ran_on.desc(), EvaluationRun.number.desc())


def get_run(
    actor: Actor, project: Project, protocol: EvaluationProtocol, number: int
) -> EvaluationRun:
    run = get_one(actor, EvaluationRun, project, number)
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
    found: dict[UUID, list[SubgroupResult]] = {id_: [] for id_ in ids}
    for row in db.session.scalars(rows.order_by(SubgroupResult.position)):
        found[row.run_id].append(row)
    return found


def version_numbers(
    runs: Sequence[EvaluationRun], corrections: Sequence[Revision] = ()
) -> Mapping[UUID, int]:
    """The numbers of the versions that these runs tried, or were said to have tried, by id."""
    said = (one.changes.get("prototype_version_id", ()) for one in corrections)
    ids = {UUID(id_) for both in said for id_ in both if id_}
    ids |= {run.prototype_version_id for run in runs}
    chosen = select(PrototypeVersion.id, PrototypeVersion.number)
    found = db.session.execute(chosen.where(PrototypeVersion.id.in_(ids)))
    return {row[0]: row[1] for row in found}


def list_corrections(
    protocol: EvaluationProtocol, runs: Sequence[EvaluationRun]
) -> Sequence[Revision]:
    """What was mended of a protocol and of these runs of it after they had been noted, the latest
    first: whether a threshold came before a result is read from the days, so no edit is silent.
    """
    ids = [protocol.id, *(run.id for run in runs)]
    return list_revisions(ids, {"protocol.changed", "evaluation.run_changed"})


def list_pivots(protocol: EvaluationProtocol) -> Sequence[Pivot]:
    mine = select(Pivot).where(Pivot.protocol_id == protocol.id)
    return db.session.scalars(mine.order_by(Pivot.number.desc()).limit(CHOICES)).all()


def has_pivot(protocol: EvaluationProtocol, decided_on: date, reason: str) -> bool:
    """Whether this very decision is noted already."""
    same = Pivot.reason_sha256 == Pivot.digest(reason)
    mine = select(Pivot.id).where(
        Pivot.protocol_id == protocol.id, Pivot.decided_on == decided_on, same
    )
    return db.session.scalar(mine) is not None


def _newest(model: type[Numbered], *order: Any) -> Any:
    mine = select(model.id).where(model.project_id == bindparam("project"))
    return mine.order_by(*order).limit(1).correlate(None).scalar_subquery()


_VERSION = _newest(PrototypeVersion, PrototypeVersion.number.desc())
_RUN = _newest(EvaluationRun, EvaluationRun.ran_on.desc(), EvaluationRun.number.desc())
_PROTOCOLS = (
    select(func.count())
    .select_from(EvaluationProtocol)
    .where(EvaluationProtocol.project_id == bindparam("project"))
    .correlate(None)
    .scalar_subquery()
)
_DATED = ("number", "released_on", "automation")
_AIMS = ("metric", "direction", "baseline", "threshold")


def _version(*values: Any) -> PrototypeVersion:
    return PrototypeVersion(**dict(zip(_DATED, values, strict=True)))


def _judged(result: float, *aims: Any) -> tuple[EvaluationRun, EvaluationProtocol]:
    protocol = EvaluationProtocol(**dict(zip(_AIMS, aims, strict=True)))
    return EvaluationRun(result=result), protocol


# Of the project that is bound: its latest version, its latest run with its protocol (as far as a
# line tells of them: to be read, not changed), and how many protocols there are.
FIGURES = (
    rows_of(
        select(*(getattr(PrototypeVersion, name) for name in _DATED)).where(
            PrototypeVersion.id == _VERSION
        ),
        _version,
    ),
    rows_of(
        select(EvaluationRun.result, *(getattr(EvaluationProtocol, name) for name in _AIMS))
        .join(EvaluationProtocol, EvaluationProtocol.id == EvaluationRun.protocol_id)
        .where(EvaluationRun.id == _RUN),
        _judged,
    ),
    _PROTOCOLS,
)


def latest_of(values: Sequence[Any]) -> Latest:
    """What `FIGURES` tell."""
    versions, judged, protocols = values
    run, protocol = judged[0] if judged else (None, None)
    return Latest(versions[0] if versions else None, run, protocol, protocols)


_LATEST = (
    select(PrototypeVersion, EvaluationRun, EvaluationProtocol, _PROTOCOLS)
    .select_from(Project)
    .outerjoin(PrototypeVersion, PrototypeVersion.id == _VERSION)
    .outerjoin(EvaluationRun, EvaluationRun.id == _RUN)
    .outerjoin(EvaluationProtocol, EvaluationProtocol.id == EvaluationRun.protocol_id)
    .where(Project.id == bindparam("project"))
)


def read_latest(project: Project) -> Latest:
    """Of a project that the caller was already allowed to see."""
    version, run, protocol, protocols = db.session.execute(_LATEST, {"project": project.id}).one()
    return Latest(version, run, protocol, protocols)

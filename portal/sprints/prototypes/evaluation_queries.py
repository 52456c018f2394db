"""Queries on protocols, their runs and pivots. They return only what the actor may see."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, or_, select

from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, get_scalar
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import (
    ListPage,
    PageContainingNumber,
    get_by_number,
    get_row_with_parent,
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

PIVOTS_MAX = 60


def read_protocols_page(actor: Actor, project: Project, page: int = 1) -> ListPage[EvaluationProtocol]:
    """A page of protocols, the latest first."""
    protocols = select_in_project(actor, EvaluationProtocol, project)
    return read_list_page(protocols, page, EvaluationProtocol.number.desc())


def get_protocol(actor: Actor, project: Project, number: int) -> EvaluationProtocol:
    """Raises `NotFound`."""
    return get_by_number(actor, EvaluationProtocol, project, number)


def find_successor(protocol: EvaluationProtocol) -> EvaluationProtocol | None:
    """The protocol that replaced one which the caller may see."""
    after = select(EvaluationProtocol).where(EvaluationProtocol.replaces_id == protocol.id)
    return db.session.scalar(after)


def find_adjacent_protocols(
    protocol: EvaluationProtocol,
) -> tuple[EvaluationProtocol | None, EvaluationProtocol | None]:
    """The protocols before and after one which the caller may see."""
    either = or_(EvaluationProtocol.id == protocol.replaces_id, EvaluationProtocol.replaces_id == protocol.id)
    neighbours = db.session.scalars(select(EvaluationProtocol).where(either)).all()
    before = [neighbour for neighbour in neighbours if neighbour.id == protocol.replaces_id]
    after = [neighbour for neighbour in neighbours if neighbour.replaces_id == protocol.id]
    return (before[0] if before else None), (after[0] if after else None)


def list_replaced_ids(protocols: Sequence[EvaluationProtocol]) -> frozenset[UUID]:
    """The ids of those protocols that another one has replaced."""
    ids = [protocol.id for protocol in protocols]
    after = select(EvaluationProtocol.replaces_id).where(EvaluationProtocol.replaces_id.in_(ids))
    return frozenset(id_ for id_ in db.session.scalars(after) if id_ is not None)


def count_runs(protocol: EvaluationProtocol) -> int:
    """The number of runs under a protocol that the caller may see."""
    count_statement = select(func.count()).where(EvaluationRun.protocol_id == protocol.id)
    return db.session.scalar(count_statement) or 0


def read_runs_page(
    actor: Actor, project: Project, protocol: EvaluationProtocol, page: int | PageContainingNumber = 1
) -> ListPage[EvaluationRun]:
    """A page of the runs of a protocol, the latest first."""
    project_runs = select_in_project(actor, EvaluationRun, project)
    protocol_runs = project_runs.where(EvaluationRun.protocol_id == protocol.id)
    return read_list_page(protocol_runs, page, EvaluationRun.ran_on.desc(), EvaluationRun.number.desc())


def get_run(actor: Actor, project: Project, protocol: EvaluationProtocol, number: int) -> EvaluationRun:
    """Raises `NotFound`, also for a run of another protocol."""
    project_runs = select_in_project(actor, EvaluationRun, project)
    return get_scalar(
        project_runs.where(EvaluationRun.number == number, EvaluationRun.protocol_id == protocol.id)
    )


def get_run_with_protocol(
    actor: Actor, project: Project, number: int
) -> tuple[EvaluationProtocol, EvaluationRun]:
    """Raises `NotFound`."""
    of_protocol = EvaluationProtocol, EvaluationRun.protocol_id
    run, protocol = get_row_with_parent(actor, EvaluationRun, of_protocol, project, number)
    return protocol, run


def list_last_runs_by_protocol(protocols: Sequence[EvaluationProtocol]) -> Mapping[UUID, EvaluationRun]:
    """The latest run by id of its protocol. The caller may see the protocols."""
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


def list_subgroups_by_run(runs: Sequence[EvaluationRun]) -> Mapping[UUID, Sequence[SubgroupResult]]:
    """The subgroup results by id of their run, in their order."""
    ids = [run.id for run in runs]
    rows = select(SubgroupResult).where(SubgroupResult.run_id.in_(ids))
    subgroups_by_run: dict[UUID, list[SubgroupResult]] = {id_: [] for id_ in ids}
    for row in db.session.scalars(rows.order_by(SubgroupResult.position)):
        subgroups_by_run[row.run_id].append(row)
    return subgroups_by_run


def list_evaluation_corrections(
    protocol: EvaluationProtocol, runs: Sequence[EvaluationRun]
) -> Sequence[AuditRevision]:
    """Later edits of a protocol and of these runs, the latest first.

    Shown to every reader: the days say whether a threshold was set before a result, so no edit of
    them is silent.
    """
    ids = [protocol.id, *(run.id for run in runs)]
    return list_revisions(ids, {"protocol.changed", "evaluation.run_changed"})


def find_protocol_in_force(project: Project) -> EvaluationProtocol | None:
    """The latest protocol of a project that the caller may see; no other replaces it."""
    protocols = select(EvaluationProtocol).where(EvaluationProtocol.project_id == project.id)
    return db.session.scalar(protocols.order_by(EvaluationProtocol.number.desc()).limit(1))


def list_protocol_pivots(protocol: EvaluationProtocol) -> Sequence[Pivot]:
    """The latest pivots of a protocol that the caller may see."""
    pivots = select(Pivot).where(Pivot.protocol_id == protocol.id)
    return db.session.scalars(pivots.order_by(Pivot.number.desc()).limit(PIVOTS_MAX)).all()


def is_same_pivot_noted(protocol: EvaluationProtocol, decided_on: date, reason: str) -> bool:
    """Whether the same decision is noted already."""
    same = Pivot.reason_sha256 == Pivot.reason_digest(reason)
    same_decision = select(Pivot.id).where(
        Pivot.protocol_id == protocol.id, Pivot.decided_on == decided_on, same
    )
    return db.session.scalar(same_decision) is not None

"""Queries on versions, and the summary of a prototype. They return what the actor may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select

from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import require_row
from portal.platform.kernel.subqueries import rows_subquery
from portal.project.projects.models import Numbered, Project
from portal.project.projects.numbered_queries import (
    ListPage,
    bound_select_parameters,
    get_by_number,
    read_list_page,
    select_bound_in_project,
    select_in_project,
)
from portal.project.projects.revision_queries import AuditRevision
from portal.sprints.prototypes.evaluation_models import EvaluationProtocol, EvaluationRun
from portal.sprints.prototypes.models import PrototypeVersion
from portal.sprints.sprints import policy as sprints
from portal.sprints.sprints.models import Sprint

CHOICES_MAX = 60  # the latest sprints or versions in a select


@dataclass(frozen=True)
class PrototypeSummary:
    """The latest version, the latest run with its protocol, and the number of protocols."""

    version: PrototypeVersion | None
    run: EvaluationRun | None
    protocol: EvaluationProtocol | None  # that of the run
    protocols: int


def read_versions_page(actor: Actor, project: Project, page: int = 1) -> ListPage[PrototypeVersion]:
    """A page of versions, the latest first."""
    versions = select_in_project(actor, PrototypeVersion, project)
    return read_list_page(versions, page, PrototypeVersion.number.desc())


def get_version(actor: Actor, project: Project, number: int) -> PrototypeVersion:
    """Raises `NotFound`."""
    return get_by_number(actor, PrototypeVersion, project, number)


def get_version_with_sprint(
    actor: Actor, project: Project, number: int
) -> tuple[PrototypeVersion, int | None]:
    """A version, and the number of its sprint. Raises `NotFound`."""
    version_by_number = select_in_project(actor, PrototypeVersion, project).where(
        PrototypeVersion.number == number
    )
    with_sprint = version_by_number.add_columns(Sprint.number).outerjoin(
        Sprint, Sprint.id == PrototypeVersion.sprint_id
    )
    row = require_row(db.session.execute(with_sprint).first())
    return row[0], row[1]


def find_latest_version(actor: Actor, project: Project) -> PrototypeVersion | None:
    """The version of the highest number, if any."""
    versions = select_in_project(actor, PrototypeVersion, project)
    return db.session.scalar(versions.order_by(PrototypeVersion.number.desc()).limit(1))


def find_adjacent_versions(
    actor: Actor, project: Project, number: int
) -> tuple[PrototypeVersion | None, PrototypeVersion | None]:
    """The versions before and after a number, which need not exist."""
    versions = select_in_project(actor, PrototypeVersion, project)
    before = versions.where(PrototypeVersion.number < number).order_by(PrototypeVersion.number.desc())
    after = versions.where(PrototypeVersion.number > number).order_by(PrototypeVersion.number)
    return db.session.scalar(before.limit(1)), db.session.scalar(after.limit(1))


_VERSION_CHOICES = (
    select_bound_in_project(PrototypeVersion).order_by(PrototypeVersion.number.desc()).limit(CHOICES_MAX)
)


def list_selectable_versions(actor: Actor, project: Project) -> Sequence[PrototypeVersion]:
    """The latest versions, for a select."""
    return db.session.scalars(_VERSION_CHOICES, bound_select_parameters(actor, project)).all()


def list_selectable_sprints(actor: Actor, project: Project) -> Sequence[Sprint]:
    """The project's sprints, the latest first."""
    project_sprints = select(Sprint).where(Sprint.project_id == project.id, sprints.visible_to(actor))
    return db.session.scalars(project_sprints.order_by(Sprint.number.desc()).limit(CHOICES_MAX)).all()


def map_sprint_numbers(versions: Sequence[PrototypeVersion]) -> Mapping[UUID, int]:
    """The numbers of the sprints of these versions, by id."""
    ids = [version.sprint_id for version in versions if version.sprint_id]
    if not ids:
        return {}
    rows = db.session.execute(select(Sprint.id, Sprint.number).where(Sprint.id.in_(ids)))
    return {row[0]: row[1] for row in rows}


def map_version_numbers(
    runs: Sequence[EvaluationRun], corrections: Sequence[AuditRevision] = ()
) -> Mapping[UUID, int]:
    """The numbers of the versions that these runs tried, or tried before a correction, by id."""
    version_pairs = (correction.changes.get("prototype_version_id", ()) for correction in corrections)
    ids = {UUID(id_) for pair in version_pairs for id_ in pair if id_}
    ids |= {run.prototype_version_id for run in runs}
    versions = select(PrototypeVersion.id, PrototypeVersion.number)
    rows = db.session.execute(versions.where(PrototypeVersion.id.in_(ids)))
    return {row[0]: row[1] for row in rows}


def _select_newest_id(model: type[Numbered], *order: Any) -> Any:
    row_ids = select(model.id).where(model.project_id == bindparam("project"))
    return row_ids.order_by(*order).limit(1).correlate(None).scalar_subquery()


_NEWEST_VERSION_ID = _select_newest_id(PrototypeVersion, PrototypeVersion.number.desc())
_NEWEST_RUN_ID = _select_newest_id(EvaluationRun, EvaluationRun.ran_on.desc(), EvaluationRun.number.desc())
_PROTOCOL_COUNT = (
    select(func.count())
    .select_from(EvaluationProtocol)
    .where(EvaluationProtocol.project_id == bindparam("project"))
    .correlate(None)
    .scalar_subquery()
)
_VERSION_FIELDS = ("number", "released_on", "automation")
_PROTOCOL_FIELDS = ("metric", "direction", "baseline", "threshold")


def _build_version_from_values(*values: Any) -> PrototypeVersion:
    return PrototypeVersion(**dict(zip(_VERSION_FIELDS, values, strict=True)))


def _build_run_and_protocol(result: float, *protocol_values: Any) -> tuple[EvaluationRun, EvaluationProtocol]:
    protocol = EvaluationProtocol(**dict(zip(_PROTOCOL_FIELDS, protocol_values, strict=True)))
    return EvaluationRun(result=result), protocol


# The scalar subqueries of `PrototypeSummary`, about the project bound as `project`. Their rows are
# transient objects with the columns that a line shows: read them, never change them.
PROJECT_FIGURES = (
    rows_subquery(
        select(*(getattr(PrototypeVersion, name) for name in _VERSION_FIELDS)).where(
            PrototypeVersion.id == _NEWEST_VERSION_ID
        ),
        _build_version_from_values,
    ),
    rows_subquery(
        select(EvaluationRun.result, *(getattr(EvaluationProtocol, name) for name in _PROTOCOL_FIELDS))
        .join(EvaluationProtocol, EvaluationProtocol.id == EvaluationRun.protocol_id)
        .where(EvaluationRun.id == _NEWEST_RUN_ID),
        _build_run_and_protocol,
    ),
    _PROTOCOL_COUNT,
)


def build_prototype_summary(values: Sequence[Any]) -> PrototypeSummary:
    """The summary from the values of `PROJECT_FIGURES`."""
    versions, runs, protocols = values
    run, protocol = runs[0] if runs else (None, None)
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
    """The summary of a project that the caller may see, with persistent rows."""
    version, run, protocol, protocols = db.session.execute(_SELECT_SUMMARY, {"project": project.id}).one()
    return PrototypeSummary(version, run, protocol, protocols)

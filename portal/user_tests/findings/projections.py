"""A project's `ProjectFigures`: its severe open findings, counted again as findings change."""

from collections.abc import Iterable
from uuid import UUID

import sqlalchemy as sa

from portal.platform.kernel.audit import AuditEvent, PendingAuditEvent
from portal.platform.kernel.database import db, flush_session, lock_row
from portal.platform.kernel.projection import ALL, Projection, build_dependencies
from portal.project.projects import projections as project_projections
from portal.project.projects.models import ProjectFigures
from portal.project.projects.projections import random_change_number
from portal.user_tests.findings import (
    closing_commands,
    commands,
    merge_commands,
    retest_commands,
    sighting_commands,
)
from portal.user_tests.findings.models import SEVERE, SEVERITY_MAX, Finding

_FIGURES = ProjectFigures.severe_open, ProjectFigures.gravest_open
_EXEMPT = frozenset({commands.PLANNED, sighting_commands.SIGHTINGS_CHANGED})


def update_affected_projects(lines: Iterable[AuditEvent | PendingAuditEvent]) -> None:
    """Count the findings of each project that these lines touched, once a project."""
    for project_id in sorted(PROJECTION.changed_parts_by_scope(lines)):
        update_project_figures(project_id)


def update_project_figures(project_id: UUID) -> bool:
    """Told again from the project's own findings; whether that changed anything.

    Whoever changes a finding holds its project, so no other count goes on beside this one. The mark
    stays where nothing changed: most findings are not severe, and lists go on as they were.
    """
    flush_session()
    severe = sa.select(sa.func.count(), sa.func.count().filter(Finding.severity == SEVERITY_MAX)).where(
        Finding.project_id == project_id, Finding.closed_at.is_(None), Finding.severity >= SEVERE
    )
    counts = tuple(db.session.execute(severe).one())
    same_project = ProjectFigures.project_id == project_id
    if tuple(db.session.execute(sa.select(*_FIGURES).where(same_project)).one()) == counts:
        return False
    lock_row(ProjectFigures, project_id)
    changed = dict(zip(_FIGURES, counts, strict=True)) | {ProjectFigures.mark: random_change_number()}
    db.session.execute(sa.update(ProjectFigures).where(same_project).values(changed))
    return True


def recount_all_projects() -> int:
    """The same for all projects; how many had figures that did not hold."""
    ids = db.session.scalars(sa.select(ProjectFigures.project_id).order_by(ProjectFigures.project_id))
    return sum(update_project_figures(project_id) for project_id in ids.all())


PROJECTION = Projection(
    name="finding figures",
    depends=build_dependencies(
        (ALL, [commands, closing_commands, merge_commands, retest_commands, sighting_commands]),
        exempt=_EXEMPT,
    ),
    refresh=update_affected_projects,
    exempt=_EXEMPT,
    reads=(project_projections.PROJECTION,),
)

"""What a project's findings tell its `ProjectFigures`, in the transaction of what changed them."""

from uuid import UUID

import sqlalchemy as sa

from portal.findings.models import SEVERE, SEVERITY_MAX, Finding
from portal.kernel.db import db, lock_row, save
from portal.projects.figures import new_mark
from portal.projects.models import ProjectFigures

_FIGURES = ProjectFigures.severe_open, ProjectFigures.gravest_open


def follow_findings(project_id: UUID) -> bool:
    """Told again from the project's own findings; whether that changed anything.

    Whoever changes a finding holds its project, so no other count goes on beside this one. The mark
    stays where nothing changed: most findings are not severe, and lists go on as they were.
    """
    save()
    severe = sa.select(
        sa.func.count(), sa.func.count().filter(Finding.severity == SEVERITY_MAX)
    ).where(
        Finding.project_id == project_id, Finding.closed_at.is_(None), Finding.severity >= SEVERE
    )
    told = tuple(db.session.execute(severe).one())
    mine = ProjectFigures.project_id == project_id
    if tuple(db.session.execute(sa.select(*_FIGURES).where(mine)).one()) == told:
        return False
    lock_row(ProjectFigures, project_id)
    changed = dict(zip(_FIGURES, told, strict=True)) | {ProjectFigures.mark: new_mark()}
    db.session.execute(sa.update(ProjectFigures).where(mine).values(changed))
    return True


def recount() -> int:
    """The same for all projects; how many had figures that did not hold."""
    ids = db.session.scalars(
        sa.select(ProjectFigures.project_id).order_by(ProjectFigures.project_id)
    )
    return sum(follow_findings(project_id) for project_id in ids.all())

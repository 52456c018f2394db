"""Check the stored open issues of projects against what their features compute."""

from typing import Any
from uuid import UUID

from portal.oversight.open_issues import page_views, projections
from portal.oversight.open_issues.figure_queries import read_figures
from portal.oversight.open_issues.models import StoredIssueFigures
from portal.platform.kernel.database import db
from portal.project.projects.models import Project


def known(*projects: Project) -> None:
    """Update the stored open issues, as the end of a transaction does."""
    for project in projects:
        projections.refresh_project_figures(project)
    db.session.commit()
    page_views.clear_caches()  # no audit event invalidates the cache here


def kept(project_id: UUID) -> dict[str, Any]:
    db.session.expire_all()
    return _told(db.session.query(StoredIssueFigures).filter_by(project_id=project_id).one())


def faults() -> list[str]:
    """List the differences between stored and computed open issues; empty if consistent."""
    return [
        f"{name}: kept {told[name]!r}, is {value!r}"
        for told in map(_told, db.session.query(StoredIssueFigures))
        for name, value in read_figures(told["project_id"]).items()
        if told[name] != value
    ]


def _told(row: StoredIssueFigures) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in StoredIssueFigures.__table__.columns}

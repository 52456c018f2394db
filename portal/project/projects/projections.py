"""A project's `ProjectFigures`: the part that repeats its file, refreshed as the file changes."""

import secrets
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from portal.platform.kernel.audit import AuditEvent, PendingAuditEvent
from portal.platform.kernel.database import db, execute_write
from portal.platform.kernel.projection import ALL, Projection, build_dependencies
from portal.platform.kernel.text import fold
from portal.project.projects import commands
from portal.project.projects.models import Project, ProjectFigures

# In every time zone of the Republic, from Tahiti to Wallis, this hour falls on the same day.
_SAME_DAY_EVERYWHERE = time(11, tzinfo=UTC)
_EXEMPT = frozenset({commands.CHOSE_TRACKS, commands.SHARED})


def update_affected_projects(lines: Iterable[AuditEvent | PendingAuditEvent]) -> None:
    """Refresh the figures of each project that these lines touched."""
    update_project_figures(PROJECTION.changed_parts_by_scope(lines))


def update_project_figures(project_ids: Collection[UUID]) -> None:
    """Write what the files of these projects say; two statements. A new project gets its row."""
    projects = sa.select(Project).where(Project.id.in_(project_ids)).order_by(Project.id)
    rows = [
        {
            "project_id": project.id,
            "programme_id": project.programme_id,
            "mark": random_change_number(),
            "silent_since": silence_start_before_any_close(project.starts_on),
            **copy_project_columns_for_figures(project),
        }
        for project in db.session.scalars(projects)
    ]
    if rows:
        execute_write(_UPSERTS[db.engine.dialect.name], rows)


def copy_project_columns_for_figures(project: Project) -> dict[str, object]:
    """The figures that repeat the project's own file."""
    return {
        "organisation_fold": project.organisation_fold,
        "acronym_fold": fold(project.acronym),
        "state": project.state,
    }


def mark_project_figures(project_id: UUID) -> None:
    """Say that something by which lists sort or filter this project changed beside its figures."""
    changed = sa.update(ProjectFigures).where(ProjectFigures.project_id == project_id)
    execute_write(changed.values(mark=random_change_number()), {})


def random_change_number() -> int:
    """By chance: a change that is rolled back leaves no number that a later one could repeat."""
    return secrets.randbits(31)


def silence_start_before_any_close(starts_on: date) -> datetime:
    """Since when a team that has closed nothing is silent: a moment that stands for its first day."""
    return datetime.combine(starts_on, _SAME_DAY_EVERYWHERE)


def _build_figures_upsert(dialect: Any) -> Any:
    """Sprints own the other columns, and `silent_since` once one of them was closed."""
    statement = dialect.insert(ProjectFigures)
    new = statement.excluded
    updates = {name: new[name] for name in ("mark", "organisation_fold", "acronym_fold", "state")} | {
        "silent_since": sa.case(
            (ProjectFigures.last_number.is_(None), new.silent_since), else_=ProjectFigures.silent_since
        )
    }
    return statement.on_conflict_do_update(index_elements=["project_id"], set_=updates)


_UPSERTS = {
    dialect.__name__.rsplit(".", 1)[1]: _build_figures_upsert(dialect) for dialect in (postgresql, sqlite)
}

PROJECTION = Projection(
    name="project figures",
    depends=build_dependencies((ALL, [commands]), exempt=_EXEMPT),
    refresh=update_affected_projects,
    exempt=_EXEMPT,
)

"""A project's `ProjectFigures`: the part that its sprints give, refreshed as they change."""

from collections.abc import Iterable
from itertools import takewhile
from uuid import UUID

import sqlalchemy as sa

from portal.platform.kernel.audit import AuditEvent, PendingAuditEvent
from portal.platform.kernel.database import db, flush_session, lock_row
from portal.platform.kernel.projection import ALL, Projection, build_dependencies
from portal.project.projects import projections as project_projections
from portal.project.projects.models import Project, ProjectFigures
from portal.project.projects.projections import (
    copy_project_columns_for_figures,
    random_change_number,
    silence_start_before_any_close,
)
from portal.sprints.sprints import commands, help_commands, undo_commands
from portal.sprints.sprints.models import ASKS_FOR_HELP, Sprint, SprintOutcome
from portal.sprints.sprints.section_queries import AwaitedHelp, list_help_awaited_elsewhere

_EXEMPT = frozenset({commands.PLANNED, commands.DROPPED, commands.DRAFTED})


def update_affected_projects(lines: Iterable[AuditEvent | PendingAuditEvent]) -> None:
    """Refresh the figures of each project that these lines touched, once a project."""
    for project_id in sorted(PROJECTION.changed_parts_by_scope(lines)):
        update_project_figures(project_id)


def update_project_figures(project_id: UUID) -> None:
    """Told again from the project's own sprints, so that no order of changes can mislead it.

    The row is held first: two who change sprints of one project each see what the other did.
    """
    flush_session()
    lock_row(ProjectFigures, project_id)
    figures = compute_project_figures(project_id)
    update_figures = sa.update(ProjectFigures).where(ProjectFigures.project_id == project_id)
    db.session.execute(update_figures.values(figures | {"mark": random_change_number()}))


def compute_project_figures(project_id: UUID) -> dict[str, object]:
    """The figures that a project's sprints give: few statements, one project."""
    of_project = Sprint.project_id == project_id
    running = db.session.execute(
        sa.select(Sprint.number, Sprint.ends_on).where(
            of_project, Sprint.started_at.is_not(None), Sprint.closed_at.is_(None)
        )
    ).first()
    closed = db.session.execute(
        sa.select(
            Sprint.number,
            Sprint.closed_at,
            Sprint.outcome,
            Sprint.outlook,
        )
        .where(of_project, Sprint.closed_at.is_not(None))
        .order_by(Sprint.ends_on.desc(), Sprint.number.desc())
    ).all()
    last = closed[0] if closed else None
    starts_on = sa.select(Project.starts_on).where(Project.id == project_id)
    missed = takewhile(lambda sprint: sprint.outcome is SprintOutcome.MISSED, closed)
    return {
        "running_number": running and running.number,
        "running_ends_on": running and running.ends_on,
        "last_number": last and last.number,
        "silent_since": last.closed_at
        if last
        else silence_start_before_any_close(db.session.scalars(starts_on).one()),
        "missed_in_a_row": len(list(missed)),
        "outlook": last.outlook.value if last and last.outlook else "",
        **_read_awaited_help_figures(project_id, last.number if last else 0),
    }


def _read_awaited_help_figures(project_id: UUID, last_number: int) -> dict[str, object]:
    """Help that was asked for at the last close or since, or elsewhere than in a sprint, and was not given:
    `help_since` dates the oldest request of those that nobody took, else of all."""
    requested_at = sa.func.coalesce(Sprint.help_asked_at, Sprint.closed_at)
    of_sprints = db.session.execute(
        sa.select(requested_at, Sprint.help_taken_at.is_not(None)).where(
            Sprint.project_id == project_id,
            Sprint.number >= last_number,
            ASKS_FOR_HELP,
            Sprint.helped_at.is_(None),
        )
    ).all()
    waiting: list[AwaitedHelp] = [(since, bool(is_taken)) for since, is_taken in of_sprints]
    waiting += list_help_awaited_elsewhere(project_id)
    waiting.sort(key=lambda request: (request[1], request[0]))
    return {
        "help_wanted": bool(waiting),
        "help_since": waiting[0][0] if waiting else None,
        "help_taken": bool(waiting) and all(is_taken for _requested_at, is_taken in waiting),
    }


def rebuild_all_figures() -> int:
    """All figures of all projects, told again; how many projects had some that did not hold."""
    corrected_projects = 0
    for project in db.session.scalars(sa.select(Project).order_by(Project.id)):
        same_project = ProjectFigures.project_id == project.id
        lock_row(ProjectFigures, project.id)
        figures = copy_project_columns_for_figures(project) | compute_project_figures(project.id)
        columns = [getattr(ProjectFigures, name) for name in figures]
        stored = db.session.execute(sa.select(*columns).where(same_project)).one()
        if dict(zip(figures, stored, strict=True)) != figures:
            changed = figures | {"mark": random_change_number()}
            db.session.execute(sa.update(ProjectFigures).where(same_project).values(changed))
            corrected_projects += 1
    return corrected_projects


PROJECTION = Projection(
    name="sprint figures",
    depends=build_dependencies((ALL, [commands, undo_commands, help_commands]), exempt=_EXEMPT),
    refresh=update_affected_projects,
    exempt=_EXEMPT,
    reads=(project_projections.PROJECTION,),
)

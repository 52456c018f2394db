"""Keeping `ProjectFigures` in step, in the transaction of what changed them."""

import secrets
from datetime import UTC, date, datetime, time

import sqlalchemy as sa

from portal.people.programmes.models import Scope
from portal.platform.kernel import clock
from portal.platform.kernel.database import db, flush_session
from portal.platform.kernel.text import fold
from portal.project.projects.models import Project, ProjectFigures

# In every time zone of the Republic, from Tahiti to Wallis, this hour falls on the same day.
_SAME_DAY_EVERYWHERE = time(11, tzinfo=UTC)


def create_figures(project: Project) -> None:
    """A new project has figures from its first moment."""
    first = {"project_id": project.id, "programme_id": project.programme_id, "mark": new_mark()}
    silent = {"silent_since": silence_start(project.starts_on, _get_created_at(project))}
    db.session.add(ProjectFigures(**first, **silent, **figures_of_project(project)))
    db.session.flush()


def update_figures(project: Project) -> None:
    """After a change of the project's file or state."""
    flush_session()
    figures_update = sa.update(ProjectFigures).where(ProjectFigures.project_id == project.id)
    db.session.execute(figures_update.values(figures_of_project(project) | {"mark": new_mark()}))
    silent = silence_start(project.starts_on, _get_created_at(project))
    db.session.execute(
        figures_update.where(ProjectFigures.last_number.is_(None)).values(silent_since=silent)
    )


def figures_of_project(project: Project) -> dict[str, object]:
    """The figures that repeat the project's own file."""
    return {
        "organisation_fold": project.organisation_fold,
        "acronym_fold": fold(project.acronym),
        "state": project.state,
    }


def new_mark() -> int:
    """By chance: a change that is rolled back leaves no number that a later one could repeat."""
    return secrets.randbits(31)


def silence_start(starts_on: date, written_at: datetime) -> datetime:
    """Since when a team that has closed nothing is silent: it has begun, and is written down.

    A moment that stands for that day.
    """
    written_on = clock.day_of(written_at)
    return datetime.combine(max(starts_on, written_on), _SAME_DAY_EVERYWHERE)


def _get_created_at(project: Project) -> datetime:
    of_scope = sa.select(Scope.created_at).where(Scope.id == project.id)
    return db.session.scalars(of_scope).one()

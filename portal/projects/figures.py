"""Keeping `ProjectFigures` in step, in the transaction of what changed them."""

import secrets
from datetime import UTC, date, datetime, time

import sqlalchemy as sa

from portal.kernel.db import db, save
from portal.kernel.text import fold
from portal.projects.models import Project, ProjectFigures

# In every time zone of the Republic, from Tahiti to Wallis, this hour falls on the same day.
_SAME_DAY_EVERYWHERE = time(11, tzinfo=UTC)


def start_with(project: Project) -> None:
    """A new project has figures from its first moment."""
    first = {"project_id": project.id, "programme_id": project.programme_id, "mark": new_mark()}
    silent = {"silent_since": start_of_silence(project.starts_on)}
    db.session.add(ProjectFigures(**first, **silent, **of_file(project)))
    db.session.flush()


def follow_file(project: Project) -> None:
    """After a change of the project's file or state."""
    save()
    mine = sa.update(ProjectFigures).where(ProjectFigures.project_id == project.id)
    db.session.execute(mine.values(of_file(project) | {"mark": new_mark()}))
    silent = start_of_silence(project.starts_on)
    db.session.execute(mine.where(ProjectFigures.last_number.is_(None)).values(silent_since=silent))


def of_file(project: Project) -> dict[str, object]:
    """The figures that repeat the project's own file."""
    return {
        "organisation_fold": project.organisation_fold,
        "acronym_fold": fold(project.acronym),
        "state": project.state,
    }


def new_mark() -> int:
    """By chance: a change that is rolled back leaves no number that a later one could repeat."""
    return secrets.randbits(31)


def start_of_silence(day: date) -> datetime:
    """The moment that stands for a day on which nothing was closed yet."""
    return datetime.combine(day, _SAME_DAY_EVERYWHERE)

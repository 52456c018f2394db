"""Read what a project's priorities show of several features, and where people land."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import exists, select

from portal.app.home import policy
from portal.people.programmes.models import Programme
from portal.people.programmes.schedule_rules import running_first
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.project.projects.models import Project


def list_own_project_slugs(actor: Actor) -> Sequence[str]:
    """The addresses of the projects whose team the actor is on."""
    own_ids = policy.list_own_project_ids(actor)
    return db.session.scalars(select(Project.slug).where(Project.id.in_(own_ids))).all()


def has_project_to_review(actor: Actor) -> bool:
    """Whether a project was given to the actor to review."""
    return db.session.scalar(select(exists().where(policy.reviewed_projects_condition(actor)))) or False


def list_programme_slugs(programme_ids: Sequence[UUID]) -> Sequence[str]:
    """The addresses of programmes that the caller may see, in the order of `running_first`."""
    programmes = db.session.scalars(select(Programme).where(Programme.id.in_(programme_ids)))
    return [programme.slug for programme in running_first(programmes)]

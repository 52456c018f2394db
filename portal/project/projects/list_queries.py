"""Lists of projects that are narrowed, for programs."""

from collections.abc import Sequence

from sqlalchemy import select

from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.project.projects import policy
from portal.project.projects.models import Project, ProjectState, state_condition


def list_filtered_projects(
    actor: Actor, *, programme: str, state: ProjectState | None, limit: int, offset: int
) -> Sequence[Project]:
    """The projects that the actor reads, by organisation: of a programme, by its slug ("": any), in a
    state (None: any)."""
    projects = select(Project).where(policy.visible_to(actor))
    if programme:
        of_slug = select(Programme.id).where(Programme.slug == programme)
        projects = projects.where(Project.programme_id.in_(of_slug))
    if state:
        projects = projects.where(state_condition(state))
    ordered = projects.order_by(Project.organisation_fold, Project.slug)
    return db.session.scalars(ordered.limit(limit).offset(offset)).all()

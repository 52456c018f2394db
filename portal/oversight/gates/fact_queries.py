"""Read the facts that only gates ask for: engagement, change plan, panels. The caller was allowed
to see the project."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from portal.oversight.gates.models import ChangePlan, Panel, TeamKeyRoles
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import get_by_number
from portal.sprints.prototypes.models import PrototypeVersion


def find_key_roles(project: Project) -> TeamKeyRoles | None:
    return db.session.scalar(select(TeamKeyRoles).where(TeamKeyRoles.project_id == project.id))


def find_change_plan(project: Project) -> ChangePlan | None:
    return db.session.scalar(select(ChangePlan).where(ChangePlan.project_id == project.id))


def list_panels(project: Project) -> Sequence[Panel]:
    """Return the panels of a project, the latest first."""
    statement = select(Panel).where(Panel.project_id == project.id)
    return db.session.scalars(statement.order_by(Panel.number.desc())).all()


def get_panel(actor: Actor, project: Project, number: int) -> Panel:
    """Return one panel by its number. Raises `NotFound`."""
    return get_by_number(actor, Panel, project, number)


def list_version_ids_and_numbers(project: Project) -> Sequence[tuple[UUID, int]]:
    """Return (id, number) of the versions of the project's prototype, the latest first."""
    statement = select(PrototypeVersion.id, PrototypeVersion.number).where(
        PrototypeVersion.project_id == project.id
    )
    rows = db.session.execute(statement.order_by(PrototypeVersion.number.desc()))
    return [(row[0], row[1]) for row in rows]

"""Read what a home shows of several features, and the counts of the installation."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from portal.app.home import policy
from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import db
from portal.project.projects.models import Project


@dataclass(frozen=True)
class Installation:
    """Key figures of the installation."""

    programmes: int
    people: int  # who can sign in


def list_own_projects(actor: Actor) -> Sequence[Project]:
    """The projects whose team the actor is on."""
    return _list_projects(policy.is_in_own_project(actor))


def list_reviewed_projects(actor: Actor) -> Sequence[Project]:
    """The projects that the actor reviews."""
    return _list_projects(policy.is_in_reviewed_project(actor))


def _list_projects(condition: ColumnElement[bool]) -> Sequence[Project]:
    ordered = select(Project).where(condition).order_by(Project.organisation_fold, Project.slug)
    return db.session.scalars(ordered).all()


def count_installation(actor: Actor) -> Installation:
    """The key figures, for administrators. Raises `NotAllowed`."""
    require(policy.can_administer(actor))
    programmes = select(func.count()).select_from(Programme).scalar_subquery()
    people = select(func.count()).where(Person.disabled_at.is_(None), Person.password_hash.is_not(None))
    row = db.session.execute(select(programmes, people.scalar_subquery())).one()
    return Installation(*row)

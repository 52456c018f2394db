"""Reading what a home shows that no feature below shows yet."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from portal.accounts.models import Person
from portal.home import policy
from portal.kernel.access import Actor, require
from portal.kernel.db import db
from portal.programmes.models import Programme
from portal.projects.models import Project


@dataclass(frozen=True)
class Installation:
    """What there is, in numbers."""

    programmes: int
    people: int  # who can sign in


def list_own_projects(actor: Actor) -> Sequence[Project]:
    """The projects whose team the actor is on."""
    return _projects(policy.on_team(actor))


def list_reviewed_projects(actor: Actor) -> Sequence[Project]:
    """The projects that the actor reviews."""
    return _projects(policy.reviewed_by(actor))


def _projects(which: ColumnElement[bool]) -> Sequence[Project]:
    ordered = select(Project).where(which).order_by(Project.organisation_fold, Project.slug)
    return db.session.scalars(ordered).all()


def count_installation(actor: Actor) -> Installation:
    """For administrators."""
    require(policy.can_administer(actor))
    programmes = select(func.count()).select_from(Programme).scalar_subquery()
    people = select(func.count()).where(
        Person.disabled_at.is_(None), Person.password_hash.is_not(None)
    )
    row = db.session.execute(select(programmes, people.scalar_subquery())).one()
    return Installation(*row)

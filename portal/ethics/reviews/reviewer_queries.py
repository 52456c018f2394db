"""Reviewers of programmes, and reviews by their id, for the page of what is to decide."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from portal.ethics.reviews import policy
from portal.ethics.reviews.models import Review, ReviewState
from portal.people.accounts.models import Person
from portal.people.programmes.models import RoleAssignment
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound
from portal.project.projects import policy as projects
from portal.project.projects.models import Project


@dataclass(frozen=True)
class ReviewerWithWorkload:
    """A reviewer of a programme, with how many reviews wait for them."""

    person_id: UUID
    name: str
    under_way: int


def list_reviewers_by_programme(
    programme_ids: Collection[UUID],
) -> Mapping[UUID, Sequence[ReviewerWithWorkload]]:
    """The reviewers of programmes by name. One statement."""
    under_way = (
        select(func.count())
        .where(
            Review.reviewer_id == Person.id, Review.state.in_((ReviewState.SUBMITTED, ReviewState.IN_REVIEW))
        )
        .correlate(Person)
        .scalar_subquery()
    )
    statement = (
        select(RoleAssignment.scope_id, Person.id, Person.name, under_way)
        .join(Person, Person.id == RoleAssignment.person_id)
        .where(
            RoleAssignment.scope_id.in_(programme_ids),
            RoleAssignment.role == policy.REVIEWER,
            Person.disabled_at.is_(None),
        )
        .order_by(Person.name, Person.id)
    )
    pools: dict[UUID, list[ReviewerWithWorkload]] = {}
    for scope_id, *reviewer in db.session.execute(statement):
        pools.setdefault(scope_id, []).append(ReviewerWithWorkload(*reviewer))
    return pools


def list_reviewer_names(project: Project) -> Sequence[str]:
    """The names of who reviews this project, which the caller may see."""
    statement = (
        select(Person.name)
        .join(RoleAssignment, RoleAssignment.person_id == Person.id)
        .where(
            RoleAssignment.scope_id == project.id,
            RoleAssignment.role == policy.REVIEWER,
            Person.disabled_at.is_(None),
        )
        .order_by(Person.name, Person.id)
    )
    return db.session.scalars(statement).all()


def get_review_with_project(actor: Actor, id_: UUID) -> tuple[Project, Review]:
    """A review of any project that the actor reads. Raises `NotFound`."""
    statement = (
        select(Project, Review)
        .join(Review, Review.project_id == Project.id)
        .where(Review.id == id_, projects.visible_by_project_column(actor, Review.project_id))
    )
    row = db.session.execute(statement).first()
    if row is None:
        raise NotFound
    return row[0], row[1]

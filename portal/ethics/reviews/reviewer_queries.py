"""Reviewers of programmes, and reviews by their id, for the page of what is to decide."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select
from sqlalchemy.orm import aliased

from portal.ethics.reviews import policy
from portal.ethics.reviews.models import UNDER_REVIEW, Review, ReviewCondition
from portal.people.accounts.models import Person
from portal.people.programmes import policy as programmes
from portal.people.programmes.models import RoleAssignment
from portal.people.programmes.queries import list_holders, list_role_pool
from portal.platform.kernel.access import Actor, Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound
from portal.project.projects import policy as projects
from portal.project.projects.models import IS_NOT_OVER, Project


@dataclass(frozen=True)
class ReviewerWithWorkload:
    """A reviewer of a programme, with how many reviews wait for them."""

    person_id: UUID
    name: str
    awaiting: int


@dataclass(frozen=True)
class ReviewerCandidate:
    """A reviewer of the programme; one who is involved in the project cannot be chosen."""

    person: Person
    is_involved: bool
    awaiting: int  # reviews that wait for them


_has_proved_condition = exists().where(
    ReviewCondition.review_id == Review.id,
    ReviewCondition.decided_at.is_not(None),
    ReviewCondition.confirmed_at.is_(None),
    ReviewCondition.proved_at.is_not(None),
)
# A review that waits for its reviewer: to decide it, or to confirm the proof of a condition.
_AWAITS_REVIEWER = or_(Review.state.in_(UNDER_REVIEW), _has_proved_condition)


def _reviewer_has_role(*roles: Role) -> ColumnElement[bool]:
    """Whether the reviewer of a review has one of these roles in its project."""
    role = aliased(RoleAssignment)
    return exists().where(
        role.scope_id == Review.project_id, role.person_id == Review.reviewer_id, role.role.in_(roles)
    )


REVIEWER_IS_INDEPENDENT = and_(
    _reviewer_has_role(policy.REVIEWER), not_(_reviewer_has_role(*policy.INVOLVED_ROLES))
)
_reviewer = aliased(Person)
_reviewer_has_open_account = exists().where(
    _reviewer.id == Review.reviewer_id, _reviewer.disabled_at.is_(None)
)
# A submitted review that nobody reads: without a reviewer, or with one who is not independent any more, or
# whose account is closed.
LACKS_REVIEWER = and_(
    Review.state.in_(UNDER_REVIEW), not_(and_(REVIEWER_IS_INDEPENDENT, _reviewer_has_open_account))
)
# The tasks of reviewers, of reviews with their projects: still theirs to do, in a project that goes on.
IS_REVIEWER_TASK = (_AWAITS_REVIEWER, REVIEWER_IS_INDEPENDENT, *IS_NOT_OVER)


def _select_load() -> ColumnElement[int]:
    """How many reviews wait for a person, whom the statement around selects: those that their own page
    lists."""
    return (
        select(func.count(Review.id))
        .join(Project, Project.id == Review.project_id)
        .where(Review.reviewer_id == Person.id, *IS_REVIEWER_TASK)
        .correlate(Person)
        .scalar_subquery()
    )


def list_reviewer_candidates(project: Project) -> Sequence[ReviewerCandidate]:
    """The programme's reviewers by name, with their involvement and their load."""
    pool = list_role_pool(project.programme_id, policy.REVIEWER)
    ids = [person.id for person in pool]
    rows = db.session.execute(select(Person.id, _select_load()).where(Person.id.in_(ids)))
    loads = {row[0]: row[1] for row in rows}
    involved_ids = {holder.person.id for holder in list_holders(project.id, *policy.INVOLVED_ROLES)}
    return [ReviewerCandidate(person, person.id in involved_ids, loads[person.id]) for person in pool]


def list_reviewerless_numbers(project_ids: Collection[UUID]) -> Mapping[UUID, frozenset[int]]:
    """By project, the numbers of its submitted reviews without an independent reviewer. One statement."""
    statement = select(Review.project_id, Review.number).where(
        Review.project_id.in_(project_ids), LACKS_REVIEWER
    )
    rows = db.session.execute(statement).all()
    return {id_: frozenset(row.number for row in rows if row.project_id == id_) for id_ in project_ids}


def list_people_to_remind(actor: Actor, project: Project, review: Review | None) -> Sequence[Person]:
    """Who beside the actor has a review: its independent reviewer once it is submitted, if any; until then,
    and where none was opened, the leads of the team, or the team without any. Closed accounts have none."""
    is_other = Person.id != actor.person_id
    if review is not None and review.state in UNDER_REVIEW:
        statement = select(Person).join(Review, Review.reviewer_id == Person.id)
        conditions = Review.id == review.id, not_(LACKS_REVIEWER), is_other
        return db.session.scalars(statement.where(*conditions)).all()
    team = list_holders(project.id, *programmes.TEAM)
    holders = [
        holder for holder in team if holder.person.disabled_at is None and holder.person.id != actor.person_id
    ]
    leads = [holder.person for holder in holders if holder.assignment.role is programmes.TEAM_LEAD]
    return leads or [holder.person for holder in holders]


def list_reviewers_by_programme(
    programme_ids: Collection[UUID],
) -> Mapping[UUID, Sequence[ReviewerWithWorkload]]:
    """The reviewers of programmes by name. One statement."""
    statement = (
        select(RoleAssignment.scope_id, Person.id, Person.name, _select_load())
        .join(Person, Person.id == RoleAssignment.person_id)
        .where(
            RoleAssignment.scope_id.in_(programme_ids),
            RoleAssignment.role == policy.REVIEWER,
            Person.disabled_at.is_(None),
        )
        .order_by(Person.name, Person.id)
    )
    pools: dict[UUID, list[ReviewerWithWorkload]] = {}
    for row in db.session.execute(statement):
        pools.setdefault(row[0], []).append(ReviewerWithWorkload(row[1], row[2], row[3]))
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

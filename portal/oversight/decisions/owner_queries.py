"""What somebody has, and may answer no more once they have these roles alone."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from portal.oversight.decisions import policy
from portal.oversight.decisions.models import AwaitedDecision
from portal.people.programmes.models import RoleAssignment, Scope
from portal.people.programmes.queries import list_dependent_assignments
from portal.platform.kernel.access import Actor, Role
from portal.platform.kernel.database import db
from portal.project.projects.models import IS_NOT_OVER, Project


def read_actor_without_role(scope: Scope, assignment: RoleAssignment) -> Actor:
    """A person with the roles that they keep once one ends, with those that depend on it."""
    dependent = list_dependent_assignments(scope, assignment)
    statement = select(RoleAssignment.scope_id, RoleAssignment.role).where(
        RoleAssignment.person_id == assignment.person_id,
        RoleAssignment.id.not_in([assignment.id, *(each.id for each in dependent)]),
    )
    roles: dict[UUID, set[Role]] = defaultdict(set)
    for scope_id, role in db.session.execute(statement):
        roles[scope_id].add(role)
    return Actor(assignment.person_id, {id_: frozenset(kept_roles) for id_, kept_roles in roles.items()})


def list_decisions_to_give_back(owner: Actor) -> Sequence[tuple[Project, AwaitedDecision]]:
    """Open decisions and requests for help that a person has and may not answer with these roles, the oldest
    first; none of a project that is over, where nothing waits."""
    statement = (
        select(Project, AwaitedDecision)
        .join(AwaitedDecision, AwaitedDecision.project_id == Project.id)
        .where(AwaitedDecision.owner_id == owner.person_id, AwaitedDecision.closed_at.is_(None), *IS_NOT_OVER)
        .order_by(AwaitedDecision.created_at, AwaitedDecision.id)
    )
    rows = db.session.execute(statement).all()
    return [(row[0], row[1]) for row in rows if not policy.may_answer(owner, row[0], row[1])]

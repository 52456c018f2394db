"""What somebody has, and that waits again once a role of theirs ends or their account is closed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from portal.coaching.clinics.claim_queries import list_claims_to_release
from portal.oversight.decisions import policy
from portal.oversight.decisions.models import AwaitedDecision
from portal.people.programmes.models import RoleAssignment, Scope
from portal.people.programmes.queries import list_dependent_assignments
from portal.platform.kernel.access import Actor, Role
from portal.platform.kernel.database import db
from portal.project.projects.models import IS_NOT_OVER, Project
from portal.sprints.sprints.models import Sprint


@dataclass(frozen=True)
class WorkThatWaitsAgain:
    """Requests for help of sprints, and decisions and requests put as questions, with their projects."""

    claims: Sequence[tuple[Project, Sprint]]
    decisions: Sequence[tuple[Project, AwaitedDecision]]


def read_work_without_role(scope: Scope, assignment: RoleAssignment) -> WorkThatWaitsAgain:
    """What waits again once a role ends."""
    return _read_work_that_waits_again(_read_actor_without_role(scope, assignment))


def read_work_without_account(person_id: UUID) -> WorkThatWaitsAgain:
    """What waits again once a person's account is closed."""
    return _read_work_that_waits_again(Actor(person_id, {}))


def _read_work_that_waits_again(owner: Actor) -> WorkThatWaitsAgain:
    claims = [(project, sprint) for project, sprint, _owner_id in list_claims_to_release([owner])]
    return WorkThatWaitsAgain(claims, _list_decisions_to_give_back(owner))


def _read_actor_without_role(scope: Scope, assignment: RoleAssignment) -> Actor:
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


def _list_decisions_to_give_back(owner: Actor) -> Sequence[tuple[Project, AwaitedDecision]]:
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

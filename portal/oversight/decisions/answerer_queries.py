"""Who may answer decisions: of one, for its form, and of many, for a page of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.oversight.decisions import policy
from portal.oversight.decisions.models import AwaitedDecision
from portal.people.accounts.models import Person
from portal.people.programmes.models import RoleAssignment
from portal.platform.kernel.database import db
from portal.project.projects.models import Project


def list_answerers(project: Project, row: AwaitedDecision) -> Sequence[Person]:
    """People to whom the decision may be given, by name."""
    statement = (
        select(Person)
        .join(RoleAssignment, RoleAssignment.person_id == Person.id)
        .where(policy.answerer_roles_condition(project, row), Person.disabled_at.is_(None))
        .where(Person.id.not_in(_select_team_person_ids(project)))
        .distinct()
        .order_by(Person.name, Person.id)
    )
    return db.session.scalars(statement).all()


def _select_team_person_ids(project: Project) -> Any:
    return select(RoleAssignment.person_id).where(
        RoleAssignment.scope_id == project.id, RoleAssignment.role.in_(policy.TEAM)
    )


@dataclass(frozen=True)
class DecisionWithAnswerers:
    """A decision as a page of many offers it: its version, why the team asks, the gate that waits for it,
    whether it is a request for help, and the ids and names of those to whom it may be given, by name."""

    version: int
    why: str
    gate: int | None
    is_help: bool
    people: Sequence[tuple[UUID, str]]


def read_decisions_with_answerers(ids: Sequence[UUID]) -> Mapping[UUID, DecisionWithAnswerers]:
    """The same as `list_answerers` for decisions that the caller may answer. Two statements."""
    decisions = (
        select(
            AwaitedDecision.id,
            AwaitedDecision.version,
            AwaitedDecision.why,
            AwaitedDecision.gate,
            AwaitedDecision.asks_for_help,
            AwaitedDecision.addressee,
            Project.id.label("project_id"),
            Project.programme_id,
        )
        .join(Project, Project.id == AwaitedDecision.project_id)
        .where(AwaitedDecision.id.in_(ids))
    )
    rows = db.session.execute(decisions).all()
    holders = _read_role_holders({scope for row in rows for scope in (row.project_id, row.programme_id)})
    answerable = {}
    for row in rows:
        team = {id_ for role in policy.TEAM for id_, _name in holders[row.project_id, role]}
        scope_id, role = policy.addressee_scope_and_role(row.addressee, row.project_id, row.programme_id)
        people = {*holders[row.programme_id, policy.LEAD_ROLE], *holders[scope_id, role]}
        by_name = sorted((each for each in people if each[0] not in team), key=lambda each: each[1])
        answerable[row.id] = DecisionWithAnswerers(row.version, row.why, row.gate, row.asks_for_help, by_name)
    return answerable


def _read_role_holders(scope_ids: set[UUID]) -> Mapping[tuple[UUID, Any], Sequence[tuple[UUID, str]]]:
    """Ids and names of people with an open account, by scope and role."""
    statement = (
        select(RoleAssignment.scope_id, RoleAssignment.role, Person.id, Person.name)
        .join(Person, Person.id == RoleAssignment.person_id)
        .where(RoleAssignment.scope_id.in_(scope_ids), Person.disabled_at.is_(None))
    )
    holders: dict[tuple[UUID, Any], list[tuple[UUID, str]]] = defaultdict(list)
    for scope_id, role, id_, name in db.session.execute(statement):
        holders[scope_id, role].append((id_, name))
    return holders

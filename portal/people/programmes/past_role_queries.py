"""Who held which role at a past moment. A role that ended has no row any more: the audit trail has it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select

from portal.people.programmes import role_commands as commands
from portal.people.programmes.models import RoleAssignment
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import fetch_rows
from portal.platform.kernel.history import lowest_event_id_after


@dataclass(frozen=True)
class PastRole:
    """A role that a person held in a scope; `track_id` is that of a coach."""

    scope_id: UUID
    person_id: UUID
    role: Role
    track_id: UUID | None


def list_scope_roles_at(
    scope_ids: Collection[UUID], moment: datetime, roles: Collection[Role]
) -> Sequence[PastRole]:
    """These roles as held at a moment: the present ones that are as old, and those that ended since.
    Two statements."""
    parameters = {"scopes": list(scope_ids), "moment": moment}
    current = [PastRole(*row) for row in fetch_rows(_CURRENT, parameters | {"roles": list(roles)})]
    events = parameters | {"actions": _GRANTED + _ENDED, "first": lowest_event_id_after(moment)}
    return [*current, *_list_ended_roles(fetch_rows(_EVENTS, events), roles)]


def _list_ended_roles(events: Iterable[Sequence[Any]], roles: Collection[Role]) -> list[PastRole]:
    """Roles that ended since the moment, but for those that were also given since."""
    granted: set[UUID] = set()
    ended: dict[UUID, PastRole] = {}
    for assignment_id, scope_id, action, facts in events:
        if facts.get("role") not in {role.value for role in roles}:
            continue
        if action in _GRANTED:
            granted.add(assignment_id)
        else:
            track = facts.get("track_id")
            person_id, role = UUID(facts["person_id"]), Role(facts["role"])
            ended[assignment_id] = PastRole(scope_id, person_id, role, UUID(track) if track else None)
    return [role for assignment_id, role in ended.items() if assignment_id not in granted]


_GRANTED = (commands.GRANTED.code, commands.ASSIGNED.code)
_ENDED = (commands.ENDED.code, commands.LEFT.code)
_scopes: Any = bindparam("scopes", expanding=True)
_CURRENT = select(
    RoleAssignment.scope_id, RoleAssignment.person_id, RoleAssignment.role, RoleAssignment.track_id
).where(
    RoleAssignment.scope_id.in_(_scopes),
    RoleAssignment.role.in_(bindparam("roles", expanding=True)),
    RoleAssignment.created_at <= bindparam("moment"),
)
_EVENTS = (
    select(AuditEvent.subject_id, AuditEvent.scope_id, AuditEvent.action, AuditEvent.facts)
    .where(
        AuditEvent.scope_id.in_(_scopes),
        AuditEvent.action.in_(bindparam("actions", expanding=True)),
        AuditEvent.id >= bindparam("first"),  # the index of actions ends in it
        AuditEvent.created_at > bindparam("moment"),
    )
    # by scopes SQLite would read every line of the teams since the moment
    .with_hint(AuditEvent.__table__, "INDEXED BY ix_audit_event_action_id", "sqlite")
)

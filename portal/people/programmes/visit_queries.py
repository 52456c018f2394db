"""Read the session, person and roles behind a request in one prepared statement."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from sqlalchemy import ScalarSelect, bindparam, exists, literal, select

from portal.people.accounts.models import OpenSession, Person
from portal.people.programmes.models import Programme, RoleAssignment
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor, Role
from portal.platform.kernel.audit_chain import LAST_HASH
from portal.platform.kernel.database import fetch_before_transaction
from portal.platform.kernel.prepared_statements import PreparedStatement
from portal.platform.kernel.tokens import token_hash


@dataclass(frozen=True)
class Visit:
    """An open session and its person, as a user object of Flask-Login."""

    token: str
    session_id: UUID
    last_seen_at: datetime
    name: str
    locale: str
    time_zone: str
    actor: Actor
    in_demonstration: bool  # the installation holds demonstration data
    unread: int | None  # number of unread notifications; None if not counted
    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        return self.token


def find_visit(token: str, unread_count: ScalarSelect[int] | None = None) -> Visit | None:
    """Return the visit of a session's token; None once the session or account is closed.

    `unread_count` is a subquery that counts unread notifications within the same statement.
    """
    visit_rows = fetch_before_transaction(
        _visit_statement(unread_count), {"token_hash": token_hash(token), "now": clock.now()}
    )
    if not visit_rows:
        return None
    session_id, last_seen_at, person_id, name, locale, time_zone, demonstration, seal = visit_rows[0][:8]
    unread = None if unread_count is None else int(visit_rows[0][10])
    roles_by_scope: dict[UUID, set[Role]] = defaultdict(set)
    for row in visit_rows:
        if row[8] is not None:
            roles_by_scope[row[8]].add(row[9])
    roles = {scope_id: frozenset(roles) for scope_id, roles in roles_by_scope.items()}
    actor = Actor(person_id, roles, as_of=seal)
    return Visit(token, session_id, last_seen_at, name, locale, time_zone, actor, bool(demonstration), unread)


@lru_cache
def _visit_statement(unread_count: ScalarSelect[int] | None) -> PreparedStatement:
    """Return the statement, prepared once per subquery."""
    unread = literal(0) if unread_count is None else unread_count
    return PreparedStatement(
        select(
            OpenSession.id,
            OpenSession.last_seen_at,
            Person.id,
            Person.name,
            Person.locale,
            Person.time_zone,
            exists().where(Programme.is_demonstration),
            LAST_HASH,
            RoleAssignment.scope_id,
            RoleAssignment.role,
            unread,
        )
        .join(Person, Person.id == OpenSession.person_id)
        .outerjoin(RoleAssignment, RoleAssignment.person_id == Person.id)
        .where(
            OpenSession.token_hash == bindparam("token_hash"),
            OpenSession.ended_at.is_(None),
            OpenSession.expires_at > bindparam("now"),
            Person.disabled_at.is_(None),
        )
    )

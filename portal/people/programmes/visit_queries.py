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
from portal.platform.kernel.early_reads import fetch_before_transaction
from portal.platform.kernel.prepared_statements import PreparedStatement
from portal.platform.kernel.tokens import token_hash


@dataclass(frozen=True)
class CurrentVisitor:
    """An open session and its person, as a user object of Flask-Login."""

    token: str
    session_id: UUID
    opened_at: datetime
    last_seen_at: datetime
    proved_at: datetime | None  # the last proof of a second factor (else of the password)
    has_second_factor: bool
    federated_proof: bool  # two factors, at a sign-in provider
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


def find_visitor(token: str, unread_count: ScalarSelect[int] | None = None) -> CurrentVisitor | None:
    """Return the visit of a session's token; None once the session or account is closed.

    `unread_count` is a subquery that counts unread notifications within the same statement.
    """
    visit_rows = fetch_before_transaction(
        _visit_statement(unread_count), {"token_hash": token_hash(token), "now": clock.now()}
    )
    if not visit_rows:
        return None
    roles_by_scope: dict[UUID, set[Role]] = defaultdict(set)
    for scope_id, role, *_facts in visit_rows:
        if scope_id is not None:
            roles_by_scope[scope_id].add(role)
    unread, session_id, opened_at, last_seen_at, proved_at, federated, *rest = visit_rows[0][2:]
    factor_at, person_id, name, locale, time_zone, in_demonstration, seal = rest
    roles = {scope_id: frozenset(roles) for scope_id, roles in roles_by_scope.items()}
    return CurrentVisitor(
        token=token,
        session_id=session_id,
        opened_at=opened_at,
        last_seen_at=last_seen_at,
        proved_at=proved_at,
        has_second_factor=factor_at is not None,
        federated_proof=bool(federated),
        name=name,
        locale=locale,
        time_zone=time_zone,
        actor=Actor(person_id, roles, as_of=seal),
        in_demonstration=bool(in_demonstration),
        unread=None if unread_count is None else int(unread),
    )


@lru_cache
def _visit_statement(unread_count: ScalarSelect[int] | None) -> PreparedStatement:
    """Return the statement, prepared once per subquery."""
    unread = literal(0) if unread_count is None else unread_count
    return PreparedStatement(
        select(
            RoleAssignment.scope_id,
            RoleAssignment.role,
            unread,
            OpenSession.id,
            OpenSession.created_at,
            OpenSession.last_seen_at,
            OpenSession.proved_at,
            OpenSession.federated_proof,
            Person.second_factor_at,
            Person.id,
            Person.name,
            Person.locale,
            Person.time_zone,
            exists().where(Programme.is_demonstration),
            LAST_HASH,
        )
        .select_from(OpenSession)
        .join(Person, Person.id == OpenSession.person_id)
        .outerjoin(RoleAssignment, RoleAssignment.person_id == Person.id)
        .where(
            OpenSession.token_hash == bindparam("token_hash"),
            OpenSession.ended_at.is_(None),
            OpenSession.expires_at > bindparam("now"),
            Person.disabled_at.is_(None),
        )
    )

"""The history of an account and of its roles, read from the audit trail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from portal.communication.directory.queries import RoleScopeNames, get_scope_names_by_id
from portal.people.accounts import commands as accounts
from portal.people.accounts import session_commands
from portal.people.accounts.join_queries import list_joins
from portal.people.accounts.models import Person
from portal.people.accounts.queries import read_person_names
from portal.people.programmes import role_commands as roles
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.history import list_latest_events

EVENTS_LISTED = 20
ROLE_EVENTS_MAX = 400  # the latest about roles: more than anybody has
# Left out: frequent sign-ins would hide rare events; the page shows when the person was last seen.
SIGN_IN_ACTIONS = (
    accounts.SIGNED_IN.code,
    accounts.SIGNED_OUT.code,
    accounts.GAVE_PASSWORD.code,
    session_commands.PROVED.code,
    session_commands.SIGN_IN_FAILED.code,
)
FAILURES_SINCE = timedelta(days=30)
GRANT_ACTIONS = (roles.GRANTED.code, roles.ASSIGNED.code)
END_ACTIONS = (roles.ENDED.code, roles.LEFT.code)


@dataclass(frozen=True)
class AccountEvent:
    """An event of an account; `who` is the actor's name, empty for the installation itself. `account` is the
    address of another account of the person that it happened to, or with which this one was joined; ""."""

    action: str
    at: datetime
    who: str
    role: Role | None
    place: RoleScopeNames | None
    account: str


@dataclass(frozen=True)
class EndedRole:
    """A past role. `granted_at` is None where the audit trail does not reach back that far."""

    role: Role
    place: RoleScopeNames
    granted_at: datetime | None
    ended_at: datetime
    who: str


@dataclass(frozen=True)
class AccountHistory:
    ended_roles: Sequence[EndedRole]
    events: Sequence[AccountEvent]


def read_history(person: Person) -> AccountHistory:
    """The history of a person whom the caller may see, latest first."""
    addresses_by_id = {str(join.former_id): join.email for join in list_joins(person.id)}
    person_ids = [person.id, *(UUID(former_id) for former_id in addresses_by_id)]
    role_events = _list_role_events(person_ids)
    events = sorted(
        [*role_events, *_list_account_events(person_ids)],
        key=lambda event: (event.created_at, event.id),
        reverse=True,
    )
    places = get_scope_names_by_id(event.scope_id for event in role_events)
    names = read_person_names(event.actor_id for event in events)
    granted_at = {
        event.subject_id: event.created_at for event in role_events if event.action in GRANT_ACTIONS
    }

    def who(event: AuditEvent) -> str:
        return names.get(event.actor_id, "") if event.actor_id else ""

    def place(event: AuditEvent) -> RoleScopeNames | None:
        return places.get(event.scope_id) if event.scope_id else None

    ended = [
        EndedRole(role, role_place, granted_at.get(event.subject_id), event.created_at, who(event))
        for event in role_events
        if event.action in END_ACTIONS
        and (role := _find_event_role(event)) is not None
        and (role_place := place(event)) is not None
    ]
    latest_events = [
        AccountEvent(
            event.action,
            event.created_at,
            who(event),
            _find_event_role(event),
            place(event),
            addresses_by_id.get(str(event.facts.get("former_id") or event.subject_id), ""),
        )
        for event in events[:EVENTS_LISTED]
    ]
    return AccountHistory(ended, latest_events)


def count_recent_sign_in_failures(person: Person) -> int:
    """How many sign-ins to this account failed in the last `FAILURES_SINCE`."""
    failures = select(func.count()).where(
        AuditEvent.subject_id == person.id,
        AuditEvent.action == session_commands.SIGN_IN_FAILED.code,
        AuditEvent.created_at > clock.now() - FAILURES_SINCE,
    )
    return db.session.scalar(failures) or 0


def _list_role_events(person_ids: Sequence[UUID]) -> Sequence[AuditEvent]:
    ids = [str(id_) for id_ in person_ids]
    names_person = AuditEvent.facts["person_id"].as_string().in_(ids)
    role_actions = (*GRANT_ACTIONS, *END_ACTIONS)
    return list_latest_events(
        [(AuditEvent.action == code, names_person) for code in role_actions], ROLE_EVENTS_MAX
    )


def _list_account_events(person_ids: Sequence[UUID]) -> Sequence[AuditEvent]:
    events = select(AuditEvent).where(
        AuditEvent.subject == Person.__tablename__,
        AuditEvent.subject_id.in_(person_ids),
        AuditEvent.action.not_in(SIGN_IN_ACTIONS),
    )
    return db.session.scalars(events.order_by(AuditEvent.id.desc()).limit(EVENTS_LISTED)).all()


def _find_event_role(event: AuditEvent) -> Role | None:
    return Role(event.facts["role"]) if "role" in event.facts else None

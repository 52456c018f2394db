"""What happened to an account and to its roles, read from the trail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.communication.directory.queries import RolePlace, get_role_places
from portal.people.accounts import commands as accounts
from portal.people.accounts.models import Person
from portal.people.accounts.queries import names_of
from portal.people.programmes import role_commands as roles
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db

EVENTS_LISTED = 20
ROLE_EVENTS_MAX = 400  # of the latest about roles: more than anybody has
# Every sign-in would hide what is rare; the page says when the person was last seen.
SIGN_IN_ACTIONS = (accounts.SIGNED_IN.code, accounts.SIGNED_OUT.code)
GRANT_ACTIONS = (roles.GRANTED.code, roles.ASSIGNED.code)
END_ACTIONS = (roles.ENDED.code, roles.LEFT.code)


@dataclass(frozen=True)
class AccountEvent:
    """One thing that was done to an account, and by whom; empty: by the installation itself."""

    action: str
    at: datetime
    who: str
    role: Role | None
    place: RolePlace | None


@dataclass(frozen=True)
class EndedRole:
    """A role that was held. `given_at` is None where the trail does not reach back that far."""

    role: Role
    place: RolePlace
    granted_at: datetime | None
    ended_at: datetime
    who: str


@dataclass(frozen=True)
class AccountHistory:
    ended_roles: Sequence[EndedRole]
    events: Sequence[AccountEvent]


def read_history(person: Person) -> AccountHistory:
    """The latest first, of somebody whom the caller was allowed to see."""
    of_roles = _list_role_events(person)
    of_account = _list_account_events(person)
    events = sorted([*of_roles, *of_account], key=lambda event: event.id, reverse=True)
    places = get_role_places(event.scope_id for event in of_roles)
    names = names_of(event.actor_id for event in events)
    granted_at = {
        event.subject_id: event.created_at for event in of_roles if event.action in GRANT_ACTIONS
    }

    def who(event: AuditEvent) -> str:
        return names.get(event.actor_id, "") if event.actor_id else ""

    def place(event: AuditEvent) -> RolePlace | None:
        return places.get(event.scope_id) if event.scope_id else None

    ended = [
        EndedRole(role, where, granted_at.get(event.subject_id), event.created_at, who(event))
        for event in of_roles
        if event.action in END_ACTIONS
        and (role := _find_role(event)) is not None
        and (where := place(event)) is not None
    ]
    latest_events = [
        AccountEvent(event.action, event.created_at, who(event), _find_role(event), place(event))
        for event in events[:EVENTS_LISTED]
    ]
    return AccountHistory(ended, latest_events)


def _list_role_events(person: Person) -> Sequence[AuditEvent]:
    theirs = AuditEvent.facts["person_id"].as_string() == str(person.id)
    events = select(AuditEvent).where(AuditEvent.action.in_([*GRANT_ACTIONS, *END_ACTIONS]), theirs)
    return db.session.scalars(events.order_by(AuditEvent.id.desc()).limit(ROLE_EVENTS_MAX)).all()


def _list_account_events(person: Person) -> Sequence[AuditEvent]:
    theirs = AuditEvent.subject_id == person.id, AuditEvent.action.not_in(SIGN_IN_ACTIONS)
    events = select(AuditEvent).where(AuditEvent.subject == Person.__tablename__, *theirs)
    return db.session.scalars(events.order_by(AuditEvent.id.desc()).limit(EVENTS_LISTED)).all()


def _find_role(event: AuditEvent) -> Role | None:
    return Role(event.facts["role"]) if "role" in event.facts else None

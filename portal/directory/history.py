"""What happened to an account and to its roles, read from the trail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.accounts import commands as accounts
from portal.accounts.models import Person
from portal.accounts.queries import names_of
from portal.directory.queries import Place, name_places
from portal.kernel.access import Role
from portal.kernel.audit import AuditEvent
from portal.kernel.db import db
from portal.programmes import role_commands as roles

SHOWN = 20
EVENTS_MAX = 400  # of the latest about roles: more than anybody has
# Every sign-in would hide what is rare; the page says when the person was last seen.
EVERYDAY = (accounts.SIGNED_IN.code, accounts.SIGNED_OUT.code)
GIVEN = (roles.GIVEN.code, roles.ASSIGNED.code)
ENDED = (roles.ENDED.code, roles.LEFT.code)


@dataclass(frozen=True)
class Deed:
    """One thing that was done to an account, and by whom; empty: by the installation itself."""

    action: str
    at: datetime
    who: str
    role: Role | None
    place: Place | None


@dataclass(frozen=True)
class Ended:
    """A role that was held. `given_at` is None where the trail does not reach back that far."""

    role: Role
    place: Place
    given_at: datetime | None
    ended_at: datetime
    who: str


@dataclass(frozen=True)
class History:
    ended: Sequence[Ended]
    deeds: Sequence[Deed]


def read_history(person: Person) -> History:
    """The latest first, of somebody whom the caller was allowed to see."""
    of_roles = _list_role_events(person)
    of_account = _list_account_events(person)
    events = sorted([*of_roles, *of_account], key=lambda event: event.id, reverse=True)
    places = name_places(event.scope_id for event in of_roles)
    names = names_of(event.actor_id for event in events)
    given_at = {event.subject_id: event.created_at for event in of_roles if event.action in GIVEN}

    def who(event: AuditEvent) -> str:
        return names.get(event.actor_id, "") if event.actor_id else ""

    def place(event: AuditEvent) -> Place | None:
        return places.get(event.scope_id) if event.scope_id else None

    ended = [
        Ended(role, where, given_at.get(event.subject_id), event.created_at, who(event))
        for event in of_roles
        if event.action in ENDED
        and (role := _role_in(event)) is not None
        and (where := place(event)) is not None
    ]
    deeds = [
        Deed(event.action, event.created_at, who(event), _role_in(event), place(event))
        for event in events[:SHOWN]
    ]
    return History(ended, deeds)


def _list_role_events(person: Person) -> Sequence[AuditEvent]:
    theirs = AuditEvent.facts["person_id"].as_string() == str(person.id)
    events = select(AuditEvent).where(AuditEvent.action.in_([*GIVEN, *ENDED]), theirs)
    return db.session.scalars(events.order_by(AuditEvent.id.desc()).limit(EVENTS_MAX)).all()


def _list_account_events(person: Person) -> Sequence[AuditEvent]:
    theirs = AuditEvent.subject_id == person.id, AuditEvent.action.not_in(EVERYDAY)
    events = select(AuditEvent).where(AuditEvent.subject == Person.__tablename__, *theirs)
    return db.session.scalars(events.order_by(AuditEvent.id.desc()).limit(SHOWN)).all()


def _role_in(event: AuditEvent) -> Role | None:
    return Role(event.facts["role"]) if "role" in event.facts else None

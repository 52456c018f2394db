"""Queries on people, sessions and requests behind links in letters."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import bindparam, func, select

from portal.people.accounts.models import AddressChange, OpenSession, PasswordReset, Person, SignedInPerson
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, get_row, get_scalar
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.tokens import token_hash


def find_signed_in(token: str) -> SignedInPerson | None:
    """Return the person and session of a token; None once either is closed or expired."""
    parameters = {"token_hash": token_hash(token), "now": clock.now()}
    row = db.session.execute(_SIGNED_IN, parameters).first()
    return SignedInPerson(person=row[1], session=row[0], token=token) if row else None


# Built once: reading the session is frequent.
_SIGNED_IN = (
    select(OpenSession, Person)
    .join(Person, Person.id == OpenSession.person_id)
    .where(
        OpenSession.token_hash == bindparam("token_hash"),
        OpenSession.ended_at.is_(None),
        OpenSession.expires_at > bindparam("now"),
        Person.disabled_at.is_(None),
    )
)


def get_signed_in(token: str) -> SignedInPerson:
    """Return the person and session of a token; raises `NotFound` if the session has ended."""
    signed_in = find_signed_in(token)
    if signed_in is None:
        raise NotFound
    return signed_in


def find_person_by_email(email: str) -> Person | None:
    return db.session.scalar(select(Person).where(Person.email == email.strip().lower()))


def find_open_account(email: str) -> Person | None:
    """Return the person with this address whose account is open and has a password, if any.

    Takes as long for an unknown address as for a closed account.
    """
    person = find_person_by_email(email)
    if person is None or person.disabled_at is not None or person.password_hash is None:
        return None
    return person


def lock_and_check_open_account(id_: UUID, password_hash: str | None) -> bool:
    """Lock an account; tell whether it is open and still has this password hash."""
    open_account = select(Person.id).where(
        Person.id == id_, Person.password_hash == password_hash, Person.disabled_at.is_(None)
    )
    return db.session.scalar(open_account.with_for_update()) is not None


def get_reset_and_person(id_: UUID) -> tuple[PasswordReset, Person]:
    """Return an open request for a new password and its person; raises `NotFound`."""
    row = get_row(
        select(PasswordReset, Person)
        .join(Person, Person.id == PasswordReset.person_id)
        .where(
            PasswordReset.id == id_,
            PasswordReset.ended_at.is_(None),
            PasswordReset.expires_at > clock.now(),
            Person.disabled_at.is_(None),
        )
    )
    return row[0], row[1]


_IS_WAITING = (AddressChange.applied_at.is_(None), AddressChange.cancelled_at.is_(None))


def get_address_change_and_person(id_: UUID) -> tuple[AddressChange, Person]:
    """Return a pending change of address and its person; raises `NotFound`."""
    row = get_row(
        select(AddressChange, Person)
        .join(Person, Person.id == AddressChange.person_id)
        .where(
            AddressChange.id == id_,
            AddressChange.expires_at > clock.now(),
            Person.disabled_at.is_(None),
            *_IS_WAITING,
        )
    )
    return row[0], row[1]


def find_own_address_change(actor: Actor) -> AddressChange | None:
    """Return the actor's pending change of address, if any."""
    waiting_changes = select(AddressChange).where(
        AddressChange.person_id == actor.person_id, AddressChange.expires_at > clock.now(), *_IS_WAITING
    )
    return db.session.scalar(waiting_changes)


SESSIONS_MAX = 50  # listed; the page also closes all of them at once


def list_own_sessions(actor: Actor) -> Sequence[OpenSession]:
    """List the actor's open sessions, the last used first."""
    sessions = select(OpenSession).where(
        OpenSession.person_id == actor.person_id,
        OpenSession.ended_at.is_(None),
        OpenSession.expires_at > clock.now(),
    )
    last_used_first = sessions.order_by(OpenSession.last_seen_at.desc(), OpenSession.id.desc())
    return db.session.scalars(last_used_first.limit(SESSIONS_MAX)).all()


def get_own_session(actor: Actor, id_: UUID) -> OpenSession:
    """Return a session of the actor, ended or not; raises `NotFound`."""
    own_session = select(OpenSession).where(OpenSession.id == id_, OpenSession.person_id == actor.person_id)
    return get_scalar(own_session)


def has_people() -> bool:
    """Tell whether the installation has any account."""
    return db.session.scalar(select(Person.id).limit(1)) is not None


def get_own_person(actor: Actor) -> Person:
    person = db.session.get(Person, actor.person_id)
    if person is None:
        raise NotFound
    return person


def list_taken_handles(prefix: str) -> frozenset[str]:
    """Return the handles in use that begin with a prefix."""
    return frozenset(
        db.session.scalars(select(Person.handle).where(Person.handle.startswith(prefix, autoescape=True)))
    )


_NAMES = select(Person.id, Person.name).where(Person.id.in_(bindparam("people", expanding=True)))


def read_person_names(ids: Iterable[UUID | None]) -> Mapping[UUID, str]:
    """Return names by person id in one query; the caller may see these people."""
    person_ids = {id_ for id_ in ids if id_ is not None}
    if not person_ids:
        return {}
    return {row[0]: row[1] for row in db.session.execute(_NAMES, {"people": list(person_ids)})}


def count_all_open_sessions() -> int:
    """Count the browsers in which somebody is signed in."""
    is_open = OpenSession.ended_at.is_(None), OpenSession.expires_at > clock.now()
    return db.session.scalar(select(func.count()).where(*is_open)) or 0

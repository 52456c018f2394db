"""Reading accounts."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import bindparam, func, select

from portal.accounts.models import OpenSession, Person, SignedIn
from portal.kernel import clock
from portal.kernel.access import Actor
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.kernel.secrets import token_hash


def find_signed_in(token: str) -> SignedIn | None:
    """The person behind a session's token, while the session lives and the account is open."""
    given = {"token_hash": token_hash(token), "now": clock.now()}
    row = db.session.execute(_SIGNED_IN, given).first()
    return SignedIn(person=row[1], session=row[0], token=token) if row else None


# Made once: every request of a signed-in person asks it.
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


def find_person_by_email(email: str) -> Person | None:
    return db.session.scalar(select(Person).where(Person.email == email.strip().lower()))


def has_people() -> bool:
    """Whether anybody has an account yet."""
    return db.session.scalar(select(Person.id).limit(1)) is not None


def get_own_profile(actor: Actor) -> Person:
    person = db.session.get(Person, actor.person_id)
    if person is None:
        raise NotFound
    return person


def find_handles(wanted: str) -> frozenset[str]:
    """The handles that are taken and begin like this one."""
    return frozenset(
        db.session.scalars(
            select(Person.handle).where(Person.handle.startswith(wanted, autoescape=True))
        )
    )


def names_of(ids: Iterable[UUID | None]) -> Mapping[UUID, str]:
    """The names behind ids that the caller was already allowed to see, in one query."""
    wanted = {id_ for id_ in ids if id_ is not None}
    if not wanted:
        return {}
    rows = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def count_open_sessions() -> int:
    """Browsers in which somebody is signed in."""
    lives = OpenSession.ended_at.is_(None), OpenSession.expires_at > clock.now()
    return db.session.scalar(select(func.count()).where(*lives)) or 0

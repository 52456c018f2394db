"""Queries on second factors."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from portal.people.accounts.models import Person
from portal.people.accounts.policy import can_manage_people
from portal.people.second_factor.models import FactorReset, OneTimeSecret, Passkey, RecoveryCode
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, get_scalar
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.tokens import token_hash


@dataclass(frozen=True)
class PersonFactors:
    """What a person has. `pending_secret` waits for its first code."""

    one_time_secret: OneTimeSecret | None
    pending_secret: OneTimeSecret | None
    passkeys: Sequence[Passkey]
    recovery_codes: int

    @property
    def count(self) -> int:
        """How many ways to prove a sign-in, recovery codes left out."""
        return len(self.passkeys) + (self.one_time_secret is not None)


def get_factors(person: Person) -> PersonFactors:
    """A person's factors; the caller acts for this person."""
    secret = find_one_time_secret(person.id)
    is_confirmed = secret is not None and secret.confirmed_at is not None
    return PersonFactors(
        one_time_secret=secret if is_confirmed else None,
        pending_secret=None if is_confirmed else secret,
        passkeys=list_passkeys(person.id),
        recovery_codes=count_unused_recovery_codes(person.id),
    )


def find_one_time_secret(person_id: UUID) -> OneTimeSecret | None:
    """The secret of a person, confirmed or not."""
    return db.session.get(OneTimeSecret, person_id)


def list_passkeys(person_id: UUID) -> Sequence[Passkey]:
    """A person's passkeys, the oldest first."""
    return db.session.scalars(
        select(Passkey).where(Passkey.person_id == person_id).order_by(Passkey.id)
    ).all()


def get_own_passkey(actor: Actor, id_: UUID) -> Passkey:
    """A passkey of the actor; raises `NotFound`."""
    return get_scalar(select(Passkey).where(Passkey.id == id_, Passkey.person_id == actor.person_id))


def find_passkey(credential_id: str) -> tuple[Passkey, Person] | None:
    """A passkey and its person, whose account is open."""
    row = db.session.execute(
        select(Passkey, Person)
        .join(Person, Person.id == Passkey.person_id)
        .where(Passkey.credential_id == credential_id, Person.disabled_at.is_(None))
    ).first()
    return (row[0], row[1]) if row else None


def count_unused_recovery_codes(person_id: UUID) -> int:
    """How many recovery codes a person has not used yet."""
    codes = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.person_id == person_id)
    return db.session.scalar(codes) or 0


def find_unused_recovery_code(person_id: UUID, code: str) -> RecoveryCode | None:
    """An unused recovery code of a person, by its normalised text."""
    codes = select(RecoveryCode).where(
        RecoveryCode.person_id == person_id, RecoveryCode.code_hash == token_hash(code)
    )
    return db.session.scalar(codes)


def find_waiting_reset(person_id: UUID) -> FactorReset | None:
    """The request to remove a person's factors that waits for a second administrator, if any."""
    resets = select(FactorReset).where(
        FactorReset.person_id == person_id,
        FactorReset.ended_at.is_(None),
        FactorReset.expires_at > clock.now(),
    )
    return db.session.scalar(resets)


@dataclass(frozen=True)
class WaitingFactorReset:
    """A request that waits for a second administrator."""

    reset: FactorReset
    person: Person
    requested_by: str


_requester = aliased(Person)
_WAITING_RESETS = (
    select(FactorReset, Person, _requester.name)
    .join(Person, Person.id == FactorReset.person_id)
    .join(_requester, _requester.id == FactorReset.requested_by_id)
    .where(FactorReset.ended_at.is_(None), FactorReset.expires_at > bindparam("now"))
    .order_by(FactorReset.expires_at)
)


def list_waiting_resets(actor: Actor) -> Sequence[WaitingFactorReset]:
    """All of them, for administrators, the first to expire first: one statement."""
    if not can_manage_people(actor):
        return []
    return [WaitingFactorReset(*row) for row in db.session.execute(_WAITING_RESETS, {"now": clock.now()})]


def list_unended_resets(person_id: UUID) -> Sequence[FactorReset]:
    """The requests for a person that were neither applied nor refused, expired ones included."""
    resets = select(FactorReset).where(FactorReset.person_id == person_id, FactorReset.ended_at.is_(None))
    return db.session.scalars(resets).all()


def get_person_to_reset(actor: Actor, id_: UUID) -> Person:
    """A person whose factors administrators may remove; raises `NotFound` for anybody else."""
    person = db.session.get(Person, id_) if can_manage_people(actor) else None
    if person is None:
        raise NotFound
    return person

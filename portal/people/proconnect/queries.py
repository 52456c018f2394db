"""Queries on links to ProConnect and on sign-ins under way."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from portal.people.accounts.models import Person, SignInChallenge
from portal.people.proconnect.models import FederatedIdentity
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, get_scalar
from portal.platform.kernel.early_reads import reading_before_transaction
from portal.platform.kernel.tokens import token_hash


def find_linked_identity(issuer: str, subject: str) -> tuple[FederatedIdentity, Person] | None:
    """The link of a subject and its person, open or closed."""
    row = db.session.execute(
        select(FederatedIdentity, Person)
        .join(Person, Person.id == FederatedIdentity.person_id)
        .where(FederatedIdentity.issuer == issuer, FederatedIdentity.subject == subject)
    ).first()
    return (row[0], row[1]) if row else None


def list_own_identities(actor: Actor) -> Sequence[FederatedIdentity]:
    """One's own links, the oldest first."""
    return list_identities_of(actor.person_id)


def list_identities_of(person_id: UUID) -> Sequence[FederatedIdentity]:
    """The links of a person for whom the caller acts, or whom they manage, the oldest first."""
    identities = select(FederatedIdentity).where(FederatedIdentity.person_id == person_id)
    return db.session.scalars(identities.order_by(FederatedIdentity.id)).all()


def get_own_identity(actor: Actor, id_: UUID) -> FederatedIdentity:
    """A link of the actor; raises `NotFound`."""
    identity = select(FederatedIdentity).where(
        FederatedIdentity.id == id_, FederatedIdentity.person_id == actor.person_id
    )
    return get_scalar(identity)


def find_sign_in_facts(id_: UUID, purpose: str, state: str) -> dict[str, str] | None:
    """The facts of an open request, read before a transaction: the provider is asked next."""
    with reading_before_transaction():
        facts = db.session.scalar(
            select(SignInChallenge.facts).where(
                SignInChallenge.id == id_,
                SignInChallenge.purpose == purpose,
                SignInChallenge.secret_hash == token_hash(state),
                SignInChallenge.used_at.is_(None),
                SignInChallenge.expires_at > clock.now(),
            )
        )
    db.session.rollback()  # no connection is held meanwhile
    return facts


def find_own_pending_link(actor: Actor, id_: UUID, purpose: str) -> SignInChallenge | None:
    """The same, unless its address is that of another account."""
    pending = find_pending_link(id_, purpose)
    return pending if pending is not None and pending.person_id in {None, actor.person_id} else None


def find_pending_link(id_: UUID, purpose: str) -> SignInChallenge | None:
    """What was proved at the provider, and waits to be linked by a signed-in person."""
    requests = select(SignInChallenge).where(
        SignInChallenge.id == id_,
        SignInChallenge.purpose == purpose,
        SignInChallenge.used_at.is_(None),
        SignInChallenge.expires_at > clock.now(),
    )
    return db.session.scalar(requests)

"""Which accounts were joined into which; the caller may see these people."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from portal.people.accounts.join_models import AccountJoin
from portal.people.accounts.models import Person
from portal.platform.kernel.database import db

IS_JOINED = sa.exists().where(AccountJoin.former_id == Person.id)


def list_joins(person_id: UUID) -> Sequence[AccountJoin]:
    """The accounts that were joined into a person's, the earliest first."""
    joins = sa.select(AccountJoin).where(AccountJoin.person_id == person_id)
    return db.session.scalars(joins.order_by(AccountJoin.id)).all()


def list_all_ids_of_person(person_id: UUID) -> Sequence[UUID]:
    """All ids by which the trail knows a person: the account's own first, then those joined into it."""
    return [person_id, *(join.former_id for join in list_joins(person_id))]


def list_joined_accounts(person_id: UUID) -> Sequence[Person]:
    """The emptied rows of these accounts."""
    joined = sa.select(Person).join(AccountJoin, AccountJoin.former_id == Person.id)
    return db.session.scalars(joined.where(AccountJoin.person_id == person_id)).all()


def joined_address_condition(word: str) -> sa.ColumnElement[bool]:
    """Condition on people: an account was joined into theirs whose address holds a word in lower case."""
    former = sa.select(AccountJoin.person_id).where(AccountJoin.email.contains(word, autoescape=True))
    return Person.id.in_(former)


def find_successor_id(former_id: UUID) -> UUID | None:
    """The account into which another one was joined; None for an account that was not."""
    return db.session.scalar(sa.select(AccountJoin.person_id).where(AccountJoin.former_id == former_id))


def find_person_id_by_email(email: str) -> UUID | None:
    """A person by their address, or by that of an account that was joined into theirs."""
    own = db.session.scalar(sa.select(Person.id).where(Person.email == email))
    former = sa.select(AccountJoin.person_id).where(AccountJoin.email == email)
    return own or db.session.scalar(former.order_by(AccountJoin.id.desc()).limit(1))

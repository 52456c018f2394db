"""What the worker reads for the journal of joins."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from portal.people.accounts.join_models import AccountJoin
from portal.people.accounts.models import Person
from portal.platform.kernel.database import db


def list_unjournaled_joins() -> Sequence[AccountJoin]:
    """The joins that the journal outside of the database lacks; for the worker."""
    missing = sa.select(AccountJoin).where(AccountJoin.journaled_at.is_(None))
    return db.session.scalars(missing.order_by(AccountJoin.id)).all()


def find_person_for_worker(person_id: UUID) -> Person | None:
    """A person by id; for a replay after a restore."""
    return db.session.get(Person, person_id)

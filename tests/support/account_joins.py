"""Join accounts in tests, and look for what still points to one that went."""

from uuid import UUID

import sqlalchemy as sa

from portal.communication.account_joins import commands, queries
from portal.communication.account_joins.commands import AccountJoinDecision
from portal.people.accounts.models import Person
from portal.platform.kernel.database import Base, db
from portal.platform.kernel.personal_data import refers_to_person
from tests.support import factories as make

REASON = "Ancienne adresse du ministère"


def preview(admin: Person, goes: Person, stays: Person) -> queries.JoinPreview:
    return queries.read_preview(make.actor(admin), goes, stays)


def decision(digest: str, goes: Person, *, move_identities: bool = False) -> AccountJoinDecision:
    return AccountJoinDecision(
        reason=REASON, address=goes.email, previewed_digest=digest, move_identities=move_identities
    )


def join(admin: Person, goes: Person, stays: Person, *, move_identities: bool = False) -> None:
    """Preview and join, as an administrator does."""
    digest = preview(admin, goes, stays).digest
    typed = decision(digest, goes, move_identities=move_identities)
    commands.join_accounts(make.actor(admin), goes, stays, typed)
    db.session.commit()


def join_by_ids(admin_id: UUID, goes_id: UUID, stays_id: UUID) -> None:
    """The same of people by their ids, after a worker's transaction."""
    join(*(db.session.get_one(Person, id_) for id_ in (admin_id, goes_id, stays_id)))


def references_to(person_id: UUID) -> dict[str, int]:
    """How many rows hold a person's id in a foreign key, by “table.column”, where there is one."""
    tables = Base.metadata.sorted_tables
    columns = [column for table in tables for column in table.columns if refers_to_person(column)]
    assert len(columns) > 100
    counts = {
        f"{column.table.name}.{column.name}": db.session.scalar(
            sa.select(sa.func.count()).select_from(column.table).where(column == person_id)
        )
        for column in columns
    }
    return {place: count for place, count in counts.items() if count}

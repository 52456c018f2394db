"""Rows of accounts that were joined into another one: they keep the person's name, and nothing else."""

from portal.people.accounts.join_models import AccountJoin, joined_account_address, joined_account_handle
from portal.people.accounts.join_queries import list_joined_accounts
from portal.people.accounts.models import Person
from portal.platform.kernel import audit, clock
from portal.platform.kernel.database import db

JOINED = audit.Action("person.joined")


def rename_joined_accounts(person: Person) -> None:
    """Name the joined accounts as the person is named now: the trail's old lines show it."""
    for former in list_joined_accounts(person.id):
        former.name = person.name


def add_join_and_empty_account(former: Person, person: Person, *, moved_identities: bool) -> AccountJoin:
    """Set aside what named an account, so that its address leads to nobody; the caller ended the rest."""
    row = AccountJoin(
        person_id=person.id,
        former_id=former.id,
        email=former.email,
        name=former.name,
        handle=former.handle,
        moved_identities=moved_identities,
    )
    db.session.add(row)
    former.email, former.handle = joined_account_address(former.id), joined_account_handle(former.id)
    former.name, former.password_hash, former.second_factor_at = person.name, None, None
    former.disabled_at = former.disabled_at or clock.now()
    return row


def is_joined(person: Person) -> bool:
    return person.email == joined_account_address(person.id)

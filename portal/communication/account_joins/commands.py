"""Join two accounts of one person, in one transaction.

Every column that holds the id of the account that goes is rewritten, by the metadata; what opens
that account ends. The trail keeps its lines and their ids, so that its chain stays whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from portal.communication.account_joins import labels, policy, queries
from portal.communication.account_joins.queries import ROLE_TABLE, JoinObstacle, JoinPreview
from portal.communication.account_joins.reference_queries import (
    AccountPair,
    TableWithPersonColumns,
    list_tables_ending_with_account,
    list_tables_with_people,
)
from portal.people.accounts import commands as accounts
from portal.people.accounts.join_commands import JOINED, add_join_and_empty_account, is_joined
from portal.people.accounts.join_models import JoinTransactionPermit
from portal.people.accounts.models import Person
from portal.people.privacy.erasing_commands import delete_export_files_on_commit
from portal.people.privacy.retention_models import UnusedAccountWarning
from portal.people.proconnect.models import FederatedIdentity
from portal.people.programmes import role_commands as roles
from portal.people.second_factor import reset_commands
from portal.platform.kernel import audit, outbox
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.database import connection, db, flush_session, lock_row, reload_row
from portal.platform.kernel.errors import Overtaken, RuleBroken
from portal.platform.kernel.personal_data import AccountJoinStep, JoinedAccounts
from portal.platform.kernel.text import gettext as _

ACCOUNT_PATH = "/profile"
MAIL = "accounts-joined"


@dataclass(frozen=True, kw_only=True)
class AccountJoinDecision:
    """What an administrator typed; `previewed_digest` is that of the preview that they saw."""

    reason: str
    address: str
    previewed_digest: str
    move_identities: bool = False


def join_accounts(actor: Actor, goes: Person, stays: Person, decision: AccountJoinDecision) -> None:
    """Join an account into another one.

    Raises `RuleBroken` for what forbids it, `Overtaken` when somebody joined them first or the
    preview is no longer what was seen.
    """
    require(policy.can_join(actor, goes, stays), labels.OWN_ACCOUNT)
    _lock_accounts(goes, stays)
    if is_joined(goes) or is_joined(stays):
        raise Overtaken(_("Un autre administrateur a déjà réuni ce compte."))
    refuse_obstacles(queries.list_account_obstacles(goes, stays))
    preview = queries.read_preview(actor, goes, stays)
    _check_join_decision(preview, decision)
    _join_locked_accounts(
        actor, goes, stays, reason=decision.reason, move_identities=decision.move_identities
    )


def _lock_accounts(goes: Person, stays: Person) -> None:
    """Lock both accounts, in an order that two administrators share."""
    for person_id in sorted({goes.id, stays.id}):
        lock_row(Person, person_id)
    for person in (goes, stays):
        reload_row(person)


def _check_join_decision(preview: JoinPreview, decision: AccountJoinDecision) -> None:
    refuse_obstacles(preview.obstacles)
    if decision.address.strip().lower() != preview.goes.person.email:
        raise RuleBroken("address", _("Ce n’est pas l’adresse du compte qui disparaît."))
    if decision.previewed_digest != preview.digest:
        raise Overtaken(_("Quelque chose a changé depuis : relisez l’aperçu, puis réunissez."))


def refuse_obstacles(obstacles: Sequence[JoinObstacle]) -> None:
    """Raise `RuleBroken` with the first of them."""
    for obstacle in obstacles:
        raise RuleBroken(None, labels.obstacle_sentence(obstacle))


def rejoin_separated_accounts(goes: Person, stays: Person, *, move_identities: bool) -> None:
    """Join what a restored copy separated; the caller has checked that it can be done."""
    _lock_accounts(goes, stays)
    _join_locked_accounts(None, goes, stays, reason="", move_identities=move_identities)


def _join_locked_accounts(
    actor: Actor | None, goes: Person, stays: Person, *, reason: str, move_identities: bool
) -> None:
    for address in (goes.email, stays.email):
        accounts.queue_mail_to(stays, MAIL, address=address, name=stays.name, email=stays.email)
    _end_account_access(actor, goes)
    roles.end_duplicate_roles(actor, goes, stays)
    references, pair = list_tables_with_people(), AccountPair(goes.id, stays.id)
    _delete_account_rows(references, pair, move_identities=move_identities)
    row_ids = _list_moving_row_ids(references, pair)
    _rewrite_references(references, pair)
    db.session.expire_all()
    add_join_and_empty_account(goes, stays, moved_identities=move_identities)
    moved = {"moved_identities": True} if move_identities else {}
    audit.record(
        actor,
        JOINED,
        stays,
        scope_id=None,
        facts={"person_id": stays.id, "former_id": goes.id, "path": ACCOUNT_PATH} | moved,
        changes={"reason": (None, reason)} if reason else None,
    )
    for step in list_contributions(AccountJoinStep):
        step.finish(JoinedAccounts(pair.goes, pair.stays, row_ids))
    outbox.wake_sender_after_commit()


def _end_account_access(actor: Actor | None, goes: Person) -> None:
    """End what opens the account, each with its line in the trail."""
    accounts.disable_account(actor, goes)
    accounts.revoke_mail_links(goes)
    reset_commands.end_expired_reset(goes)
    roles.withdraw_invitations_to(actor, goes.email)
    delete_export_files_on_commit(goes.id)
    flush_session()


def _delete_account_rows(
    references: Sequence[TableWithPersonColumns], pair: AccountPair, *, move_identities: bool
) -> None:
    """Delete the rows of the account itself, and those that yield to the like of the other one."""
    ended = {FederatedIdentity.__tablename__} - (
        {FederatedIdentity.__tablename__} if move_identities else set()
    )
    ended.add(UnusedAccountWarning.__tablename__)  # what it was told about itself
    own = [each for each in references if each.table.name in ended]
    for each in (*list_tables_ending_with_account(references), *own):
        connection().execute(sa.delete(each.table).where(each.person_condition(pair.goes)))
    for each in references:
        if each.yields and each.table.name != ROLE_TABLE:
            for collides in each.list_collision_conditions(pair):
                connection().execute(sa.delete(each.table).where(collides))


def _list_moving_row_ids(references: Sequence[TableWithPersonColumns], pair: AccountPair) -> Sequence[UUID]:
    """The ids in the rows that change hands: their own, and those of what they belong to."""
    ids: set[UUID] = set()
    for each in references:
        if each.is_deleted_with_person and each.table.name != ROLE_TABLE:
            continue
        columns = [column for column in each.table.columns if isinstance(column.type, sa.Uuid)]
        for row in connection().execute(sa.select(*columns).where(each.person_condition(pair.goes))):
            ids.update(id_ for id_ in row if id_ is not None)
    return sorted(ids - {pair.goes, pair.stays})


def _rewrite_references(references: Sequence[TableWithPersonColumns], pair: AccountPair) -> None:
    """Replace the account in every column; a permit opens append-only rows to this alone."""
    permit: Any = sa.insert(JoinTransactionPermit).values(from_id=pair.goes, to_id=pair.stays)
    connection().execute(permit)
    for each in references:
        for name in each.columns:
            rewrite = sa.update(each.table).where(each.move_condition(name, pair)).values({name: pair.stays})
            connection().execute(rewrite)
    connection().execute(sa.delete(JoinTransactionPermit))

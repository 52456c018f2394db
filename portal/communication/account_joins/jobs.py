"""The journal of joins, beside the database: a restored copy of yesterday is joined again.

Without it, the address that led to nobody would open its account again, with its roles: one person
would be two once more, unseen. The journal holds ids alone.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from uuid import UUID

from portal.communication.account_joins import commands, journal_queries, queries
from portal.people.accounts import commands as accounts
from portal.people.accounts.join_commands import is_joined
from portal.people.privacy.journal_exports import append_line, read_journal_lines
from portal.platform.kernel import clock
from portal.platform.kernel.database import transaction
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings

JOURNAL_FILE = "joins.jsonl"


@dataclass(frozen=True)
class AccountJoinToReplay:
    """An account that went, the one that stays, and whether its ProConnect identities moved."""

    former_id: str
    person_id: str
    moved_identities: bool


def journal_joins() -> int:
    """Write down the joins that the journal lacks; returns how many."""
    with transaction():
        rows = journal_queries.list_unjournaled_joins()
        for row in rows:
            entry = AccountJoinToReplay(str(row.former_id), str(row.person_id), row.moved_identities)
            append_line(get_service(Settings).data_dir / JOURNAL_FILE, asdict(entry))
            row.journaled_at = clock.now()
        return len(rows)


def read_journal_entries(path: Path) -> Iterator[AccountJoinToReplay]:
    """The entries of a journal, oldest first. Raises `ValueError` or `TypeError` for a line that is none."""
    return (AccountJoinToReplay(**values) for values in read_journal_lines(path))


class JoinReplayOutcome(StrEnum):
    """What a replay did."""

    JOINED = "joined"
    NOTHING = "nothing"  # the copy holds the join, or one of the accounts not yet
    CLOSED = "closed"  # it cannot be joined as it was: the account that went is closed


def replay_join(entry: AccountJoinToReplay) -> JoinReplayOutcome:
    """Join again what a restored copy separated."""
    with transaction():
        goes, stays = (
            journal_queries.find_person_for_worker(UUID(id_)) for id_ in (entry.former_id, entry.person_id)
        )
        if goes is None or stays is None or is_joined(goes) or goes.is_erased:
            return JoinReplayOutcome.NOTHING
        if queries.list_rejoin_obstacles(goes, stays):
            accounts.disable_account(None, goes)
            return JoinReplayOutcome.CLOSED
        commands.rejoin_separated_accounts(goes, stays, move_identities=entry.moved_identities)
        return JoinReplayOutcome.JOINED

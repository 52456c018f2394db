"""What the worker does: rank large calls whose scores changed."""

from portal.platform.kernel.database import read_only_transaction, transaction
from portal.selection.ranking import commands


def refresh_due_rankings() -> int:
    """Rank the calls that are due, each in its own transaction; returns how many."""
    with read_only_transaction():
        due = commands.list_due_rankings()
    for call_id in due:
        with transaction():
            commands.refresh_due_ranking(call_id)
    return len(due)

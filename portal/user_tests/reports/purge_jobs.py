"""Worker job that applies retention: counts sightings, then deletes the sessions."""

from datetime import datetime

from portal.people.privacy.retention_commands import add_removed_count
from portal.platform.kernel import clock
from portal.platform.kernel.database import transaction
from portal.user_tests.findings import retention_commands as findings
from portal.user_tests.rounds import retention_commands
from portal.user_tests.rounds.retention_queries import SESSIONS


def purge_due_test_data(_before: datetime) -> int:
    """Purge every project whose retention is over, each in its own transaction.

    Returns the number of deleted sessions. The programme sets the retention; the worker’s own limit
    is ignored.
    """
    with transaction():
        due = retention_commands.list_project_ids_due_for_purge(clock.today())
    deleted_sessions = 0
    for project_id in due:
        with transaction():
            findings.add_to_purged_session_counts(project_id)
            count = retention_commands.purge_project_sessions(project_id)
            add_removed_count(SESSIONS.key, count)
        deleted_sessions += count
    return deleted_sessions

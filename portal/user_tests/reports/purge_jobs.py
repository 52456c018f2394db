"""The chore of the worker that lets retention happen: findings keep counts, then sessions go."""

from datetime import datetime

from portal.platform.kernel import clock
from portal.platform.kernel.database import transaction
from portal.user_tests.findings import retention_commands as findings
from portal.user_tests.rounds import retention_commands


def purge_due(_before: datetime) -> int:
    """Every project whose time is over, each in a transaction of its own; how many sessions went.

    What the programme says counts, not how long the worker keeps its own things.
    """
    with transaction():
        due = retention_commands.list_projects_due(clock.today())
    deleted_sessions = 0
    for project_id in due:
        with transaction():
            findings.keep_sighting_counts(project_id)
            deleted_sessions += retention_commands.purge_sessions(project_id)
    return deleted_sessions

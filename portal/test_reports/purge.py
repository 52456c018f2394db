"""The chore of the worker that lets retention happen: findings keep counts, then sessions go."""

from datetime import datetime

from portal.findings import retention as findings
from portal.kernel import clock
from portal.kernel.db import transaction
from portal.user_tests import retention


def purge_due(_before: datetime) -> int:
    """Every project whose time is over, each in a transaction of its own; how many sessions went.

    What the programme says counts, not how long the worker keeps its own things.
    """
    with transaction():
        due = retention.list_due(clock.today())
    gone = 0
    for project_id in due:
        with transaction():
            findings.keep_counts(project_id)
            gone += retention.purge(project_id)
    return gone

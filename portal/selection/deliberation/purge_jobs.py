"""What the worker does: purge applications on their day."""

from datetime import datetime

from portal.people.privacy.retention_commands import add_removed_count
from portal.platform.kernel import clock
from portal.platform.kernel.database import transaction
from portal.selection.deliberation.purge_commands import purge_due_applications
from portal.selection.deliberation.retention_queries import APPLICATIONS


def purge_calls(_before: datetime) -> int:
    """Purge what is due, as a chore of the worker."""
    with transaction():
        count = purge_due_applications(clock.today())
        if count:
            add_removed_count(APPLICATIONS.key, count)
        return count

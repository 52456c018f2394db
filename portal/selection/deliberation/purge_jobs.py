"""What the worker does: purge applications on their day."""

from datetime import datetime

from portal.platform.kernel import clock
from portal.platform.kernel.database import transaction
from portal.selection.deliberation.purge_commands import purge_due_applications


def purge_calls(_before: datetime) -> int:
    """Purge what is due, as a chore of the worker."""
    with transaction():
        return purge_due_applications(clock.today())

"""What the worker does: reminders of agreements that end and of requests that wait."""

from datetime import datetime

from portal.funding.change_requests.reminder_commands import record_due_reminders
from portal.platform.kernel import clock
from portal.platform.kernel.database import transaction


def record_due_funding_reminders(_before: datetime) -> int:
    """Record what is due, as a chore of the worker."""
    with transaction():
        return record_due_reminders(clock.today())

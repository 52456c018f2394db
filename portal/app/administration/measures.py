"""What supervision asks of an installation besides requests and letters."""

import math
import shutil
from collections.abc import Callable, Mapping

from portal.api.webhooks.queries import find_oldest_due_moment
from portal.app.administration.backups import BACKED_UP, find_last_copy_or_check
from portal.people.accounts.queries import count_all_open_sessions
from portal.platform.kernel import clock
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings


def measure_backup_age() -> float:
    """Seconds since the last copy of the installation; infinite when there is none."""
    last = find_last_copy_or_check(BACKED_UP)
    return (clock.now() - last.at).total_seconds() if last else math.inf


def measure_webhook_delay() -> float:
    """Seconds that the oldest delivery of webhooks has been due; 0 when none is."""
    due_at = find_oldest_due_moment()
    return max(0.0, (clock.now() - due_at).total_seconds()) if due_at else 0.0


def measure_free_disk_share() -> float:
    """Share of the disk of `DATA_DIR` that is free, from 0 to 1."""
    usage = shutil.disk_usage(get_service(Settings).data_dir)
    return usage.free / usage.total


MEASURES: Mapping[str, tuple[str, Callable[[], float]]] = {
    "portal_sessions_open": ("Browsers in which somebody is signed in.", count_all_open_sessions),
    "portal_backup_age_seconds": ("Age of the last back-up; infinite without one.", measure_backup_age),
    "portal_webhooks_late_seconds": ("How long the oldest delivery has been due.", measure_webhook_delay),
    "portal_disk_free_ratio": ("Free share of the disk with the data folder.", measure_free_disk_share),
}

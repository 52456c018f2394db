"""When a delivery is tried again, and what its answer means."""

from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

# After each try: ten in all, over 75 hours.
DELAYS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
TRIES = len(DELAYS) + 1
JITTER = 0.1
WAIT_MAX = timedelta(hours=24)  # that a receiver may ask for
STATUS_GONE = 410


def is_success(status: int) -> bool:
    return 200 <= status < 300


def next_try_at(
    attempts: int, now: datetime, retry_after: str, random: Callable[[], float]
) -> datetime | None:
    """When to try again after `attempts` tries; None: never. `random` is between 0 and 1.

    A receiver may ask for a longer wait (`Retry-After`), of a day at most.
    """
    if attempts >= TRIES:
        return None
    delay = DELAYS[attempts - 1] * (1 - JITTER + 2 * JITTER * random())
    return now + max(delay, min(WAIT_MAX, read_retry_after(retry_after, now)))


def read_retry_after(value: str, now: datetime) -> timedelta:
    """The wait in a header `Retry-After`: seconds or a date; zero for anything else."""
    if value.isascii() and value.isdigit() and len(value) < 8:
        return timedelta(seconds=int(value))
    try:
        return max(timedelta(0), parsedate_to_datetime(value) - now)
    except (ValueError, TypeError):
        return timedelta(0)

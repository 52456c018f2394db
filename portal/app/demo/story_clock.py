"""The clock of the demonstration's stories: their rows and lines of the trail are of their own days."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time

from portal.platform.kernel import clock
from portal.platform.kernel.identifiers import date_identifiers_at


def moment_not_after_now(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """A time on a day, but never later than now."""
    return min(datetime.combine(day, time(hour, minute), UTC), clock.now())


@contextmanager
def freeze_story_clock(when: datetime) -> Iterator[None]:
    """Freeze the clock, and date new identifiers alike: the trail is filtered and read by them."""
    with clock.frozen_at(when), date_identifiers_at(when):
        yield

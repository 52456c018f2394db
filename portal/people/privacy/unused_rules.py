"""When an unused account is told of its erasure, and when it is erased. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

UNUSED_ACCOUNTS = "unused_accounts"
UNUSED_DAYS = 730  # 24 months
UNUSED_DAYS_MIN = 60  # the first notice waits for 37 days then: whoever comes every month gets none
FIRST_NOTICE, SECOND_NOTICE = timedelta(days=30), timedelta(days=7)
# A session lasts seven days, and the trail knows its beginning alone: what was read later counts.
READING_MARGIN = timedelta(days=7)


class UnusedAccountStep(StrEnum):
    WAIT = "wait"
    FORGET = "forget"  # the person was active since: the notices are void
    TELL_FIRST = "first"
    TELL_SECOND = "second"
    ERASE = "erase"


@dataclass(frozen=True)
class UnusedAccountNotices:
    """What a person was told: when, and whether the letters left."""

    first_at: datetime
    second_at: datetime | None
    have_left: bool


def find_due_step(
    last_active: datetime,
    notices: UnusedAccountNotices | None,
    term_days: int,
    now: datetime,
    margin: timedelta = READING_MARGIN,
) -> UnusedAccountStep:
    """What is due for an account, or for whatever is told twice before it goes. A late worker never
    shortens what a notice announced."""
    erased_at = last_active + margin + timedelta(days=term_days)
    if notices is None:
        return UnusedAccountStep.TELL_FIRST if now >= erased_at - FIRST_NOTICE else UnusedAccountStep.WAIT
    if last_active > notices.first_at or now < erased_at - FIRST_NOTICE:
        return UnusedAccountStep.FORGET
    erased_at = max(erased_at, notices.first_at + FIRST_NOTICE)
    if notices.second_at is None:
        return UnusedAccountStep.TELL_SECOND if now >= erased_at - SECOND_NOTICE else UnusedAccountStep.WAIT
    erased_at = max(erased_at, notices.second_at + SECOND_NOTICE)
    return UnusedAccountStep.ERASE if now >= erased_at and notices.have_left else UnusedAccountStep.WAIT

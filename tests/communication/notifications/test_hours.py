"""Mail hours in the reader's time zone."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.communication.notifications.hours_rules import MailHours

WEEK = MailHours("Europe/Paris", 8, 19, frozenset({1, 2, 3, 4, 5}))


def paris(day, hour, minute=0, month=11):
    return datetime(2026, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=1)


def test_hours_and_days_are_those_of_the_reader():
    assert WEEK.is_open(paris(24, 8))
    assert not WEEK.is_open(paris(24, 7, 59))
    assert not WEEK.is_open(paris(24, 19))
    assert not WEEK.is_open(paris(28, 10))  # a Saturday
    assert WEEK.next_opening(paris(24, 12)) == paris(24, 12)
    assert WEEK.next_opening(paris(27, 20)) == WEEK.next_digest(paris(27, 20)) == paris(30, 8)
    assert WEEK.next_digest(paris(24, 8)) == paris(25, 8)
    assert WEEK.next_weekly_digest(paris(24, 8)) == paris(30, 8)
    reunion = MailHours("Indian/Reunion", 8, 19, frozenset({1}))
    assert reunion.next_digest(paris(28, 0)) == datetime(2026, 11, 30, 4, tzinfo=UTC)


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(["Europe/Paris", "America/Cayenne", "Pacific/Noumea", "America/New_York"]),
    st.integers(0, 22),
    st.frozensets(st.integers(1, 7), min_size=1),
    st.integers(0, 2 * 365 * 24 * 60),
)
def test_what_waits_comes_when_it_may_and_within_a_week(zone, opens, days, minutes):
    hours = MailHours(zone, opens, opens + 1, days)
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    for due in (hours.next_digest(now), hours.next_weekly_digest(now)):
        assert now < due <= now + timedelta(days=7, hours=26)
        # An hour skipped by daylight saving time becomes the next one.
        assert hours.is_open(due) or hours.is_open(due - timedelta(hours=1))

"""Days that a programme suggests."""

from datetime import date

import pytest

from portal.people.programmes.schedule_rules import suggest_support_start

FIRST, LAST = date(2026, 1, 5), date(2026, 11, 4)


@pytest.mark.parametrize(
    ("today", "start"),
    [
        (date(2025, 12, 1), FIRST),
        (date(2026, 2, 4), FIRST),  # within the first month the cohort shares its days
        (date(2026, 2, 5), date(2026, 2, 5)),  # who comes later is not late at once
        (date(2026, 11, 3), date(2026, 11, 3)),
        (LAST, FIRST),  # no support would be left
        (date(2027, 1, 1), FIRST),
    ],
)
def test_a_team_starts_with_its_programme_or_on_the_day_it_joins_later(today, start):
    assert suggest_support_start((FIRST, LAST), today) == start

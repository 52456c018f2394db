from datetime import date

import pytest

from portal.people.programmes.models import Programme

TEN_MONTHS = Programme(starts_on=date(2018, 11, 21), months=10)


@pytest.mark.parametrize(
    ("day", "month"),
    [
        (date(2018, 11, 20), 0),
        (date(2018, 11, 21), 1),
        (date(2018, 12, 20), 1),
        (date(2018, 12, 21), 2),
        (date(2019, 9, 20), 10),
        (date(2021, 1, 1), 10),
    ],
)
def test_a_month_of_support_begins_on_the_day_of_the_first(day, month):
    assert TEN_MONTHS.month_on(day) == month


def test_a_month_that_would_begin_on_a_day_that_is_not_begins_on_the_last():
    programme = Programme(starts_on=date(2026, 8, 31), months=10)
    days = (date(2026, 9, 29), date(2026, 9, 30), date(2026, 10, 30), date(2026, 10, 31), date(2027, 2, 28))
    assert [programme.month_on(day) for day in days] == [1, 2, 2, 3, 7]


@pytest.mark.parametrize(
    ("starts_on", "months", "last"),
    [
        (date(2018, 11, 21), 10, date(2019, 9, 20)),
        (date(2020, 1, 1), 12, date(2020, 12, 31)),
        (date(2020, 8, 31), 6, date(2021, 2, 27)),
        (date(2026, 11, 29), 1, date(2026, 12, 28)),
        (date(2026, 1, 31), 2, date(2026, 3, 30)),
    ],
)
def test_a_programme_ends_the_day_before_the_next_month_would_begin(starts_on, months, last):
    assert Programme(starts_on=starts_on, months=months).ends_on == last

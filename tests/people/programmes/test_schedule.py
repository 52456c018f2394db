"""Days that a programme suggests."""

from datetime import date, timedelta

import pytest

from portal.app.home.queries import list_programme_slugs
from portal.coaching.group_sessions.queries import list_programmes_with_next_gathering
from portal.oversight.portfolio import queries as portfolio
from portal.people.programmes.queries import list_programmes
from portal.people.programmes.schedule_rules import suggest_support_end, suggest_support_start
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from tests.support import factories as make

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


def test_a_team_that_joins_later_is_supported_as_long_as_the_others():
    assert suggest_support_end((FIRST, LAST), 10, FIRST) == LAST
    assert suggest_support_end((FIRST, LAST), 10, date(2026, 11, 3)) == date(2027, 9, 2)


def test_people_land_on_a_programme_that_runs_whatever_was_made_last(app, browser_for):
    lead = make.person()
    starts = {
        "to-come": 1,
        "later": 60,
        "begun-last": -30,
        "running": -90,
        "ended": -700,
        "ended-before": -900,
    }
    programmes = {}
    for slug, days in sorted(starts.items()):
        programmes[slug] = make.programme(slug=slug, starts_on=clock.today() + timedelta(days=days))
        make.role(programmes[slug].id, Role.PROGRAMME_LEAD, lead)
    make.project(programmes["to-come"])
    actor = make.actor(lead)
    expected = ["begun-last", "running", "to-come", "later", "ended", "ended-before"]

    assert [each.slug for each in list_programmes(actor)] == expected
    assert [each.slug for each in portfolio.list_programmes(actor)] == expected
    assert [each.programme.slug for each in list_programmes_with_next_gathering(actor)] == expected
    assert list_programme_slugs([each.id for each in programmes.values()]) == expected
    landed = browser_for(lead).visit("/portfolio")
    assert programmes["begun-last"].name in landed.title.text + landed.main.text

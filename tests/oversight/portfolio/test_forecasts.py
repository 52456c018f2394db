"""When the prototypes of teams are expected, as the timeline draws and says it."""

import re
from dataclasses import replace
from datetime import timedelta

from portal.oversight.gates.definition_rules import GateVerb
from portal.oversight.gates.forecast_rules import LatenessIncrements
from portal.oversight.health.queries import read_state
from portal.oversight.portfolio import queries, timeline_queries
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from tests.oversight.portfolio.conftest import row
from tests.support import factories as make
from tests.support import gates
from tests.support.browser import words_of
from tests.support.health import known

URL = "/portfolio"


def _portfolio_team(programme, project):
    actor = make.actor(make.role(programme.id, Role.PROGRAMME_LEAD))
    return queries.read_teams(actor, [project.id])[project.id]


def test_a_late_team_is_expected_within_the_axis_with_its_range(programme, team):
    """Two years late, its marks stand apart and before the right edge."""
    project = team("Acoss", silent=None)
    now, coach = clock.now(), gates.coach(project)
    with clock.frozen_at(now - timedelta(days=90)):
        gates.judged(project)
    for number, days in ((0, 80), (1, 40), (2, 1)):
        with clock.frozen_at(now - timedelta(days=days)):
            gates.decision(project, number, GateVerb.ACCEPTED, coach)
    known(project)
    with clock.frozen_at(now + timedelta(days=600)):
        state = read_state(project)
        steps = LatenessIncrements(tuple(sorted([0, 20, -10] * 4)))
        line_team = replace(_portfolio_team(programme, project), state=state)
        timeline = timeline_queries.build_timeline(programme, [line_team], steps)
        (found,) = timeline.lines
        expected = [mark for mark in found.marks if mark.first_x is not None]
        assert len(expected) == 9
        for mark in expected:
            assert mark.first_x <= mark.x <= mark.last_x < 100
        assert len({mark.x for mark in expected}) >= 7  # gates due the same month share a day
        assert timeline.axis.months[-1][1] <= 100


def test_the_page_draws_ranges_and_says_on_time_late_or_too_early(browser, programme, team):
    project = team("Acoss", silent=None)
    early = team("DGAL", silent=None, starts_on=clock.today() - timedelta(days=5))
    now, coach = clock.now(), gates.coach(project)
    with clock.frozen_at(now - timedelta(days=90)):
        gates.judged(project)
    for n, days in enumerate((60, 30, 1)):
        with clock.frozen_at(now - timedelta(days=days)):
            gates.decision(project, n, GateVerb.ACCEPTED, coach)
    known(project)
    known(early)
    page = browser.visit(URL)
    assert "Prototypes : un en retard, un trop tôt pour le dire." in words_of(page.main)
    assert re.search(r"\+\d+ sem\.", row(page, "Acoss"))
    assert "trop tôt" in row(page, "DGAL")
    assert "pas avant" not in words_of(page.main)
    timeline = browser.visit(f"{URL}/timeline")
    assert "fourchette" in words_of(timeline.select_one(".legend"))


def test_prototypes_that_are_all_too_early_make_a_sentence(browser, team):
    known(team("Neuve", None, starts_on=clock.today()))
    assert "Un prototype : trop tôt pour le dire." in words_of(browser.visit(URL).select_one(".page-head"))

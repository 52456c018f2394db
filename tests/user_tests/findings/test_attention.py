"""Severe findings are shown on the pages of project, sprint and round."""

import pytest

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.unchanged_answers import clear_cached_answers
from portal.sprints.backlog.flow_rules import ItemState
from portal.user_tests.findings import commands, queries
from portal.user_tests.findings.models import FindingClosingKind, RetestResult
from tests.support import factories as make
from tests.support import findings, user_tests
from tests.support.browser import words_of

P = "/projects/heron"


def lines(page):
    """Return the links of the priority groups of a page."""
    return [link["href"] for link in page.select(".matter a")]


def problems(page):
    """Return the links of the findings that a round’s page lists."""
    return [link["href"] for link in page.select("#results .todo__text a")]


@pytest.fixture
def severe(first):
    return [
        user_tests.finding(first, severity=severity, what=f"Gravité {severity}")
        for severity in (3, 4, 2, None)
    ]


def test_what_is_severe_stands_on_top_of_its_project_the_gravest_first(
    browser, browser_for, project, first, severe
):
    findings.closed(first, make.person(), FindingClosingKind.ACCEPTED, severity=4, closing_reason="Connu.")
    coach = browser_for(make.holder(Role.COACH, project))
    for page in (browser.visit("/"), browser.visit(P), coach.visit(P)):
        told = [link["href"] for link in page.select("#team-duties a")]
        assert told == [f"{P}/findings/2", f"{P}/findings/1"]
    user_tests.finding(first, severity=4, is_harm=True)
    page = browser.visit(P)
    assert [link["href"] for link in page.select("#team-duties a")][1] == f"{P}/findings/6"
    assert "préjudice possible" in words_of(page.select_one("#team-duties"))
    assert page.select_one(f"#fold-tests a[href='{P}/findings?severity=severe']")


def test_a_coach_reads_how_many_are_severe_in_each_team(browser_for, project, severe):
    page = browser_for(make.holder(Role.COACH, project)).visit(f"/portfolio?open={project.slug}")
    assert "2 constats graves ouverts" in words_of(page.main)
    assert "dont 1 catastrophique" in words_of(page.main)


def test_the_board_names_what_its_sprint_leaves_uncorrected(browser, project, member, severe):
    assert lines(browser.visit(f"{P}/board")) == []
    sprint = make.active_sprint(project)
    elsewhere, here = severe[0], severe[1]
    for one in (elsewhere, here):
        commands.create_backlog_item(member, project, one)
    queries.find_item_of_finding(here).iteration_id = sprint.id
    db.session.commit()
    assert lines(browser.visit(f"{P}/board")) == [f"{P}/findings/1"]
    done = queries.find_item_of_finding(elsewhere)
    done.state, done.done_at = ItemState.DONE, clock.now()
    db.session.commit()
    assert lines(browser.visit(f"{P}/board")) == []


def test_a_round_tells_what_it_showed_first_or_again_as_long_as_it_is_open(
    browser, person, first, second, severe
):
    findings.retest(severe[2], second, person, RetestResult.STILL_THERE)
    findings.retest(severe[0], second, person, RetestResult.DISAPPEARED)
    assert problems(browser.visit(f"{P}/tests/2")) == [f"{P}/findings/3"]
    for _number in range(3):
        user_tests.finding(first, severity=1)
    page = browser.visit(f"{P}/tests/1")
    assert problems(page)[:2] == [f"{P}/findings/2", f"{P}/findings/1"]
    rest = page.find("a", href=f"{P}/findings?round=1&state=all")
    assert words_of(rest) == "2 autres ouverts"
    assert words_of(page.find(id="problems")) == "7 constats, dont 2 graves"
    counts = [words_of(part).replace("\xa0", " ") for part in page.select("#results .key li:not(:has(a))")]
    assert counts == ["gravité 4 : 1", "gravité 3 : 1", "non évaluée : 1", "gravité 2 : 1", "gravité 1 : 3"]
    bar = page.select_one("#results svg.stack")
    assert bar["aria-label"] == "7 constats, dont 2 graves"
    assert sum(float(part["width"].rstrip("%")) for part in bar.find_all("rect")) == pytest.approx(
        100, abs=0.1
    )


def test_a_round_offers_the_next_act_of_each_finding(browser, browser_for, project, severe):
    page = browser.visit(f"{P}/tests/1")
    assert page.find("a", href=f"{P}/findings/4#rate")
    assert page.find("form", action=f"{P}/findings/2/item")
    assert not page.find("form", action=f"{P}/findings/4/item")
    browser.submit(f"{P}/findings/2/item")
    assert not browser.visit(f"{P}/tests/1").find("form", action=f"{P}/findings/2/item")
    coach = browser_for(make.holder(Role.COACH, project)).visit(f"{P}/tests/1")
    assert not coach.find("a", href=f"{P}/findings/4#rate")
    assert not coach.find("form", action=f"{P}/findings/1/item")


def test_a_finding_that_nobody_rated_is_not_called_minor(browser, first):
    user_tests.finding(first, severity=None)
    title = browser.visit(f"{P}/tests/1").find(id="problems")
    assert words_of(title) == "1 constat, gravité à évaluer pour 1"


def test_a_round_without_an_open_finding_says_so(browser, person, first):
    assert "Aucun constat n’est encore noté" in words_of(browser.visit(f"{P}/tests/1").main)
    findings.closed(first, person, FindingClosingKind.SETTLED, severity=2)
    page = browser.visit(f"{P}/tests/1")
    assert problems(page) == []
    assert words_of(page.find(id="problems")) == "1 constat, aucun de grave"
    assert words_of(page.find("a", href=f"{P}/findings?round=1&state=all")) == "1 clos"


def test_fifty_severe_ones_cost_what_one_costs(browser, project, first, statements):
    make.active_sprint(project)
    costs = []
    for count in (1, 49):
        for _number in range(count):
            user_tests.finding(first, severity=4)
        for path in (f"{P}/board", f"{P}/tests/1", "/"):
            browser.visit(path)
            statements.clear()
            browser.visit(path)
            costs.append(len(statements))
    assert costs[:3] == costs[3:]


def test_a_round_names_its_link_by_what_stands_behind_it(browser, first, second):
    link = f"{P}/tests/2/findings"
    page = browser.visit(f"{P}/tests/2")
    assert words_of(page.find("a", href=link)) == "A-t-on trouvé l’essentiel ?"
    user_tests.finding(first)
    clear_cached_answers()  # the finding was noted without the audit trail
    page = browser.visit(f"{P}/tests/2")
    assert words_of(page.find("a", href=link)) == "Vérifier les constats d’avant"

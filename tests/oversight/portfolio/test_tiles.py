"""The number of each tile of the portfolio, and of the menu, is that of the list it opens."""

import re

import pytest

from portal.coaching.clinics.commands import claim_request
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.projects.to_decide_queries import clear_waiting_cache
from portal.sprints.sprints.projections import update_project_figures
from tests.oversight.portfolio.conftest import days, log, names, run
from tests.support import coaching, decisions, reviews
from tests.support import factories as make
from tests.support.browser import words_of
from tests.support.health import known

URL = "/portfolio?programme=ami"


@pytest.fixture
def seeded(programme, team, lead):
    """Requests for help that wait, one after the other, behind a later log, in charge of a coach;
    silent teams, one stopped; a review not begun and late, one begun and late; gates that are late;
    decisions of this programme, and of another of the lead's."""
    team("Aide", 12, help_wanted=True)
    claimed = team("Confiée", silent=None)
    claim_request(make.actor(make.role(claimed.id, Role.COACH)), claimed, coaching.asking(claimed))
    log(earlier := team("Deux demandes", silent=None), 20, number=1, help_wanted=True)
    run(earlier, number=2, help_wanted=True, help_asked_at=clock.now())
    log(behind := team("Demande d’avant", silent=None), 20, number=1, help_wanted=True)
    log(behind, 5, number=2)
    team("Muette", 30)
    team("Muette aidée", 40, help_wanted=True)
    team("Arrêtée", 40, help_wanted=True, stopped_on=clock.today(), stop_reason="r", learnings="l")
    late = [team(name, starts_on=clock.today() - days(100)) for name in ("Pas commencée", "Commencée")]
    reviews.opened(make.actor(make.role(late[1].id, Role.TEAM_MEMBER)), late[1])
    asking = make.role(late[0].id, Role.TEAM_MEMBER)
    decisions.decision(late[0], asking)
    other = make.programme(slug="autre", starts_on=clock.today() - days(300))
    make.role(other.id, Role.PROGRAMME_LEAD, lead)
    elsewhere = make.project(other)
    for _number in range(3):
        decisions.decision(elsewhere, make.role(elsewhere.id, Role.TEAM_MEMBER))
    for project in (*late, earlier, behind):
        known(project)
    clear_waiting_cache()


def count_listed(browser, address):
    """How many teams, or lines that wait, the list at an address holds."""
    page = browser.visit(address)
    if address.startswith("/portfolio"):
        return len(names(page))
    if "kind=" in address:
        return len(page.select("#to-decide .todo > li"))
    return int(re.search(r"À décider : (\d+)", words_of(page.h1)).group(1))


def count_said(link):
    return int(re.search(r"\d+", words_of(link)).group())


@pytest.mark.parametrize("role", [Role.PROGRAMME_LEAD, Role.OPERATOR, Role.OBSERVER])
def test_every_tile_counts_what_its_list_holds(browser_for, programme, lead, seeded, role):
    reader = lead if role is Role.PROGRAMME_LEAD else make.role(programme.id, role)
    browser = browser_for(reader)
    links = browser.visit(URL).select(".tile a")
    assert len(links) >= 4
    assert [(words_of(link), count_said(link)) for link in links] == [
        (words_of(link), count_listed(browser, link["href"])) for link in links
    ]


def test_the_age_of_help_is_that_of_the_requests_that_the_tile_counts(browser, team):
    """Not that of an older one that somebody has already."""
    project = team("Aide", silent=None)
    first = log(project, 10, number=1, help_wanted=True)
    claim_request(make.actor(make.role(project.id, Role.COACH)), project, first)
    run(project, number=2, help_wanted=True, help_asked_at=clock.now())
    update_project_figures(project.id)
    db.session.commit()
    clear_waiting_cache()
    (tile,) = [words_of(tag) for tag in browser.visit(URL).select(".tile") if "demande" in words_of(tag)]
    assert tile == "1 demande d’aide la plus ancienne aujourd’hui"


def test_the_menu_counts_what_its_list_holds_whatever_programme_was_chosen(browser, seeded):
    """The tile counts one programme, the menu all of them."""
    for address in (URL, "/portfolio/concerns?programme=ami", "/to-decide?programme=ami", "/to-decide"):
        (link,) = [
            tag for tag in browser.visit(address).select("#navigation a") if "À décider" in words_of(tag)
        ]
        assert count_said(link) == count_listed(browser, link["href"]), address
    assert count_said(link) - count_said(browser.visit(URL).select_one(".tile a")) == 3


def test_followed_or_not_is_one_word_on_tile_tag_filter_and_adds_up(browser, seeded, team):
    """A team counted above its health is among those that nobody follows, by tag and by filter."""

    def list_tags(address):
        rows = browser.visit(address).select(".x-health")
        return [words_of(row.select_one(".tagged")) if row.select_one(".tagged") else "" for row in rows]

    known(team("Aidée", help_wanted=True, starts_on=clock.today()))
    everybody = list_tags(URL)
    not_followed = [tag for tag in everybody if tag.endswith("non suivi")]
    assert 0 < len(not_followed) < len(everybody)
    assert "à aider, non suivi" in not_followed
    assert sorted(list_tags(f"{URL}&charge=new")) == sorted(not_followed)
    assert list_tags(f"{URL}&charge=in_charge") == ["suivi"] * everybody.count("suivi")
    (link,) = (each for each in browser.visit(URL).select(".tile a") if "non suivie" in words_of(each))
    listed = list_tags(link["href"])
    assert len(listed) == count_said(link)
    assert sorted(listed) == sorted(not_followed)

"""The list of open issues of all programmes of its reader."""

from datetime import timedelta

import pytest

from portal.oversight.open_issues import page_views
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from tests.oversight.open_issues.test_views import BUDGET, TAKE, URL, _rows, figures, teams
from tests.support import concerns, user_tests
from tests.support import factories as make
from tests.support.browser import words_of


@pytest.mark.usefixtures("ibis")
def test_a_lead_of_several_programmes_sees_them_at_once_and_no_others(
    browser, browser_for, direction, heron, statements
):
    """The teams, tiles, filters and file of all their programmes; each team by the rights on its own."""
    other = make.programme(slug="other", name_fr="Autre")
    coached = make.project(other, slug="milan", acronym="MILAN")
    hidden = make.project(make.programme(slug="hidden"), acronym="CACHÉ")
    beside = make.project(other, acronym="VOISINE")
    coach = make.role(coached.id, Role.COACH, make.role(other.id, Role.COACH, direction))
    user_tests.finding(user_tests.planned(coached), severity=4)
    for project in (coached, hidden, beside):
        concerns.known(project)
    page = browser.visit(f"{URL}?programme=other")
    assert teams(page) == ["MILAN"]
    (link,) = [tag["href"] for tag in page.select(".page-head__menus a") if "Tous mes" in tag.text]
    page_views.clear_caches()
    statements.clear()
    page = browser.visit(link)
    assert len([sql for sql in statements if sql.lstrip().startswith(("SELECT", "WITH"))]) <= BUDGET
    assert words_of(page.h1) == "Tous mes programmes : tests et éthique"
    assert teams(page) == ["HERON", "MILAN", "IBIS"]
    assert figures(page)[0].startswith("4 constats graves dans 2 équipes sur 3")
    assert "Autre" in words_of(_rows(page, "MILAN"))
    for tag in page.select(".tile a, #views a"):
        assert "programme=_all" in tag["href"]
        browser.visit(tag["href"])
    assert teams(browser.visit(f"{URL}?programme=_all&coach={coach.id}")) == ["MILAN"]
    sheet = browser.open(
        f"{TAKE}?programme=_all", method="POST", data={"kind": "csv", "query": "programme=_all"}
    )
    assert sheet.status_code == 200
    assert "Autre" in sheet.text
    assert "VOISINE" not in sheet.text
    told = db.session.query(AuditEvent).filter_by(action="portfolio.exported").count()
    assert told == 2  # in the trail of each programme
    only = browser_for(make.role(heron.programme_id, Role.OBSERVER)).visit(f"{URL}?programme=_all")
    assert teams(only) == ["HERON", "IBIS"]
    assert "Tous mes programmes" not in words_of(only.main)


def test_a_programme_that_is_named_all_is_listed_alone(browser, direction, heron):
    named = make.programme(slug="all", name_fr="All")
    make.role(named.id, Role.PROGRAMME_LEAD, direction)
    concerns.known(make.project(named, acronym="MILAN"))
    assert teams(browser.visit(f"{URL}?programme=all")) == ["MILAN"]


def test_a_past_day_leads_to_the_portfolio_of_a_programme_that_had_begun(browser, direction, heron):
    """Not of the first that is listed, which begins later."""
    young = make.programme(slug="young", starts_on=clock.today() - timedelta(days=3))
    make.role(young.id, Role.PROGRAMME_LEAD, direction)
    make.project(young)
    page = browser.visit(f"{URL}?programme=_all&on={clock.today() - timedelta(days=30)}")
    (link,) = page.main.find_all("a", string="Voir le portefeuille de ce jour-là")
    assert "programme=ami&" in link["href"]
    assert words_of(browser.visit(link["href"]).h1).startswith("AMI")

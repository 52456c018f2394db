"""Whoever reads several programmes stays in the one they last worked in."""

import pytest

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.months import months_after
from portal.project.projects.queries import get_programme_of
from tests.app.home.test_navigation import additions_of
from tests.support import factories as make
from tests.support.browser import words_of

# One database engine is enough here.
pytestmark = pytest.mark.parametrize("house", ["sqlite"], indirect=True)


def test_the_programme_last_worked_in_stays_on_every_page_and_at_the_next_sign_in(browser_for):
    """For all who read several; the next person at the machine begins anew."""
    young, old = (
        make.project(make.programme(starts_on=months_after(clock.today(), months)), slug=slug)
        for slug, months in (("young", -2), ("old", -3))
    )
    (first, young_name), (chosen, old_name) = (
        (programme.slug, programme.name) for programme in map(get_programme_of, (young, old))
    )
    for role in (Role.PROGRAMME_LEAD, Role.OPERATOR, Role.OBSERVER, Role.COACH):
        is_coach, is_lead = role is Role.COACH, role is Role.PROGRAMME_LEAD
        person = None
        for project in (young, old):
            person = make.role(project.id if is_coach else project.programme_id, role, person)
        browser = browser_for(person)
        assert_shows_programme(browser, young_name)
        browser.visit(f"/programmes/{chosen}/gatherings" if is_coach else f"/programmes/{chosen}/packs")
        assert_shows_programme(browser, old_name)
        if not is_coach:
            assert browser.visit("/reports").select_one("details[open] h2")["id"] == chosen
        if is_lead:
            plan = additions_of(browser.visit("/coaches"))["Un comité"]
            assert plan == f"/programmes/{chosen}/committees/new"
            back = browser.visit("/projects/young").select_one("#navigation a")["href"]
            assert back == f"/portfolio?programme={first}"
        browser.visit("/inbox?programme=another")  # not theirs
        assert_shows_programme(browser, young_name)
        browser.client.set_cookie("programme", f"{'0' * 32}.{chosen}")  # of another person at this machine
        assert_shows_programme(browser, young_name)


def assert_shows_programme(browser, name: str) -> None:
    for path in ("/portfolio", "/portfolio/concerns"):
        page = browser.visit(path)
        assert words_of(page.select_one(".page-head__menus summary")) == name

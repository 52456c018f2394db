"""Browser test: a programme's teams fit one screen, on the demonstration (AMI IA 2019, 15 teams)."""

import pytest
from playwright.sync_api import Page, expect

from tests.support import demonstration, live

pytestmark = pytest.mark.browser

TEAMS = 15
CONTROLS = "a, button, summary, input, select, textarea"
MEASURE = """(controls) => {
  const row = document.querySelector(".teams__row"), top = row.getBoundingClientRect().top;
  const seen = [...document.querySelectorAll(`main :is(${controls})`)].filter((one) => one.checkVisibility());
  return {
    first: Math.round(top + scrollY),
    last: Math.round([...document.querySelectorAll(".teams__row")].pop().getBoundingClientRect().bottom),
    height: document.documentElement.scrollHeight,
    cut: [...document.querySelectorAll(".x-health")].filter(
      (one) => one.scrollWidth > one.clientWidth).length,
    before: seen.filter((one) => one.getBoundingClientRect().bottom <= top).length,
  };
}"""


@pytest.fixture(scope="module")
def untouched(make_app, tmp_path_factory):
    """A live portal with the demonstration, to which no other test adds a team."""
    data = tmp_path_factory.mktemp("untouched")
    demonstration.copy_to(data, make_app, tmp_path_factory)
    with live.portal(make_app, data) as portal:
        yield portal


@pytest.fixture
def size(visitor, untouched):
    """Open a reader's portfolio in a window of a size; return what was measured."""

    def measure(width: int, height: int, *, reader: str = "direction", teams: int = TEAMS) -> dict[str, int]:
        window = visitor(width, portal=untouched)
        window.page.set_viewport_size({"width": width, "height": height})
        window.enter(f"{reader}@demo.example", "/portfolio")
        expect(window.page.locator(".teams__row")).to_have_count(teams)
        return _measure(window.page)

    return measure


def _measure(page: Page) -> dict[str, int]:
    measured: dict[str, int] = page.evaluate(MEASURE, CONTROLS)
    return measured


@pytest.mark.parametrize("reader", ["direction", "observateur"])
def test_fifteen_teams_fit_one_screen(size, reader):
    measured = size(1280, 900, reader=reader)
    assert measured["first"] <= 360
    assert measured["last"] <= 900, "all rows stand on the first screen"
    assert measured["cut"] == 0, "the first reason wraps"
    assert measured["height"] <= 1050
    assert measured["before"] <= 20


def test_on_a_phone_the_first_team_comes_soon_and_the_page_is_short(size):
    measured = size(375, 740)
    assert measured["first"] <= 670
    assert measured["height"] <= 2300
    assert measured["before"] <= 20


@pytest.mark.parametrize(("reader", "teams"), [("coach", 2), ("coach-technical", 3)])
def test_a_coachs_first_team_comes_as_soon(size, reader, teams):
    assert size(1280, 900, reader=reader, teams=teams)["first"] <= 360
    assert size(375, 740, reader=reader, teams=teams)["first"] <= 670


@pytest.mark.parametrize("path", ["/portfolio", "/to-decide"])
def test_no_menu_of_a_list_makes_a_phone_scroll_sideways(visitor, untouched, path):
    window = visitor(320, portal=untouched)
    window.enter("direction@demo.example", path)
    menus = window.page.locator("main details.menu > summary")
    expect(menus.first).to_be_visible()
    for menu in menus.all():
        menu.click()
        expect(menu.locator("xpath=following-sibling::*").first).to_be_visible()
        assert window.page.evaluate("document.documentElement.scrollWidth") <= 320
        menu.click()

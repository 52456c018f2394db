"""Every page for every role: axe, no horizontal scrolling, touch targets, light and dark."""

import os
from pathlib import Path

import pytest

from portal.people.accounts.models import Person
from portal.platform.kernel.database import db
from tests.journeys import look
from tests.journeys.crawl import Found, crawl
from tests.support.turns import THOROUGH, turn_of

pytestmark = pytest.mark.browser

# Beyond what links lead to: states that few projects are in, lists that are empty.
SEEDS = {
    "direction": (
        "/projects/dgddi",
        "/projects/dgddi/tests",
        "/projects/ddtm-34/sprints/1",
        "/projects/ddtm-34/sprints/10",
        "/projects/ddtm-34/sprints/11",
        "/portfolio?programme=ami-ia-2018",
        "/portfolio?programme=ami-ia-2019&organisation=zzz&coach=nobody",
    ),
    "admin": ("/people?q=zzz&state=nowhere", "/people?role=administrator"),
    "agent": (
        "/projects/ddtm-34/sprints/1/log",
        "/projects/ddtm-34/sprints/1/history",
        "/projects/ddtm-34/tests/1",
    ),
}
ROLES = ("porteur", "agent", "coach", "direction", "admin", "relecteur", "jury", "operateur", "observateur")
LONG_NAME = "Marie " + "Abcdefghij" * 11
SEEN: set[str] = set()  # the routes of checked pages
SHAPES: set[str] = set()  # the kinds of elements on these pages
LOOKS: set[str] = set()  # the looks checked on any page


def is_new(found: Found) -> bool:
    """Tell whether a page has new kinds of elements, or is the first of its route.

    A short run looks at half of the routes whose elements it has all seen elsewhere.
    """
    shapes = found.shapes
    is_first = found.route not in SEEN and (THOROUGH or turn_of(found.route, (True, False)))
    new = is_first or not shapes <= SHAPES
    SEEN.add(found.route)
    SHAPES.update(shapes)
    return new


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_a_role_holds(visitor, portal, role):
    window = visitor(looked_at=True)
    window.enter(f"{role}@demo.example")
    looker, found = look.Onlooker(window.page, LOOKS), {}
    for each in crawl(portal, window, ["/", *SEEDS.get(role, ())]):
        faults = [*each.faults()]
        if is_new(each):
            faults += looker.faults_of(each.text)
        if faults:
            found[each.path] = faults
    assert found == {}


def test_a_fault_of_a_page_that_is_put_in_place_is_noticed(visitor, portal):
    window = visitor(looked_at=True)
    window.enter("observateur@demo.example")
    looker = look.Onlooker(window.page)
    sound = window.page.request.get(portal.url + "/").text()
    assert looker.faults_of(sound) == []
    found = looker.faults_of(sound.replace("</main>", "<button></button></main>"))
    assert any(fault.startswith("button-name") for fault in found)


def test_every_page_of_a_stranger_holds(visitor, portal):
    window = visitor(looked_at=True)
    window.watch.expect(404)
    looker, found = look.Onlooker(window.page), {}
    paths = ("/sign-in", "/forgotten-password", "/forgotten-password/sent", "/accessibility")
    for path in (*paths, "/legal", "/privacy", "/ui", "/nowhere"):
        window.page.goto(portal.url + path)
        if faults := looker.faults():
            found[path] = faults
    assert found == {}


def test_what_a_person_may_not_do_is_said_on_a_page_that_holds(visitor, portal):
    window = visitor(looked_at=True)
    window.enter("coach@demo.example")
    window.go("/projects/ddtm-34/sprints/10/close", expected=403)
    assert look.Onlooker(window.page).faults() == []


@pytest.mark.parametrize("script", [False, True])
def test_a_long_name_wraps_on_a_phone(visitor, portal, team, script):
    with portal.app.app_context():
        person = db.session.query(Person).filter_by(email=team.second_agent).one()
        person.name = LONG_NAME
        db.session.commit()
    window = visitor(look.NARROW["width"], script=script)
    window.enter(team.second_agent)
    window.click(window.page.locator("#menu-button" if script else "a[href='#menu']"))
    shown = window.page.locator("#menu .menu__title").filter(has_text=LONG_NAME).locator("visible=true")
    assert shown.evaluate("(one) => one.scrollWidth <= one.clientWidth")
    assert window.page.evaluate(look.SIDEWAYS) == []


@pytest.mark.skipif("PORTAL_SCREENSHOTS" not in os.environ, reason="no folder for screenshots")
def test_pictures_are_taken_on_demand(visitor, portal):
    folder = Path(os.environ["PORTAL_SCREENSHOTS"])
    folder.mkdir(parents=True, exist_ok=True)
    pages = {
        "direction": {"portfolio": "/portfolio?programme=ami-ia-2018"},
        "agent": {
            "project": "/projects/ddtm-34",
            "sprint": "/projects/ddtm-34/sprints/9",
            "close": "/projects/ddtm-34/sprints/10/close",
        },
    }
    for who, paths in pages.items():
        window = visitor()
        window.enter(f"{who}@demo.example")
        for name, path in paths.items():
            window.go(path)
            window.page.screenshot(path=folder / f"{name}-1280.png", full_page=True)
            look.darken(window.page)
            window.page.screenshot(path=folder / f"{name}-dark.png", full_page=True)
            look.lighten(window.page)
            window.page.set_viewport_size(look.NARROW)
            window.page.screenshot(path=folder / f"{name}-320.png", full_page=True)
            window.page.set_viewport_size(look.WIDE)

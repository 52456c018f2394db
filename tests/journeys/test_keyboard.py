"""Browser test by keyboard: Tab, Enter and Space suffice, and the focus is visible."""

import pytest
from playwright.sync_api import expect

from tests.journeys import look
from tests.journeys.person import DEMO_PASSWORD

pytestmark = pytest.mark.browser

TABS_MAX = 60
# The outline of a radio button or checkbox is drawn around its label.
FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return { name: "", seen: true, tag: "" };  // between pages
  const style = getComputedStyle(one);
  const name = one.labels?.[0]?.innerText || one.getAttribute("aria-label") || one.innerText || "";
  const seen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  const field = one.matches("input, textarea, select, body");
  return { name: name.trim().replaceAll("\u00a0", " "), seen: seen || field, tag: one.tagName };
}"""


def tab_to(page, name: str, tag: str = "") -> None:
    """Press Tab until the element of that name has the focus; each stop must show its focus."""
    name = name.replace("\u00a0", " ")
    for _stop in range(TABS_MAX):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUSED)
        assert focus["seen"], f"unseen: {focus}"
        if focus["name"].startswith(name) and tag in ("", focus["tag"]):
            return
    pytest.fail(f"{name} is not reached by Tab")


def test_signing_in_and_planning_a_sprint_needs_no_mouse(visitor, team, width):
    agent = visitor(width)
    page, keys = agent.page, agent.page.keyboard
    agent.go(f"/sign-in?next=/projects/{team.slug}/sprints")
    keys.type(team.agent)  # the first field has the focus
    tab_to(page, "Mot de passe")
    keys.type(DEMO_PASSWORD)
    keys.press("Enter")
    expect(page.locator("h1")).to_contain_text("Sprints")

    tab_to(page, "Contenu")
    keys.press("Enter")
    expect(page.locator("#content")).to_be_focused()
    tab_to(page, "Planifier un sprint")
    keys.press("Enter")
    expect(page.get_by_label("But du sprint")).to_be_focused()
    keys.press("Control+A")
    keys.type("Mesurer le rappel")
    tab_to(page, "Planifier le sprint")  # the dates that are proposed suit
    keys.press("Enter")
    expect(page.locator("h1")).to_have_text("Sprint 3 : Mesurer le rappel")


def test_the_menu_of_a_phone_opens_and_closes_by_keys(visitor, team):
    agent = visitor(320)
    agent.enter(team.agent)
    page = agent.page
    tab_to(page, "Menu", "BUTTON")
    page.keyboard.press("Enter")
    expect(page.locator("#navigation")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#navigation")).to_be_hidden()
    expect(page.locator("#menu-button")).to_be_focused()


def test_a_menu_of_the_header_opens_and_shuts_by_keys(visitor, team):
    agent = visitor(1280)
    agent.enter(team.agent)
    page = agent.page
    tab_to(page, "Ajouter", "SUMMARY")
    page.keyboard.press("Enter")
    finding = page.locator(".tools").get_by_role("link", name="Un constat")
    expect(finding).to_be_visible()
    assert look.faults(page, "#header") == []  # what lies below is covered
    page.keyboard.press("Escape")
    expect(finding).to_be_hidden()
    page.keyboard.press("Enter")
    tab_to(page, "Un constat")
    page.keyboard.press("Enter")
    page.wait_for_url("**/findings/new")


def test_a_key_leads_to_the_search_unless_it_was_switched_off(visitor, team):
    agent = visitor(1280)
    agent.enter(team.agent)
    page = agent.page
    page.keyboard.press("/")
    expect(page.locator("#tools-search")).to_be_focused()
    page.keyboard.type("constats/x")  # in a field it is a character
    expect(page.locator("#tools-search")).to_have_value("constats/x")
    page.keyboard.press("Control+A")
    page.keyboard.type("constats")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("pour « constats »")
    page.locator("#footer").get_by_role("button", name="Affichage").click()
    page.locator("label[for=shortcuts]").click()
    page.keyboard.press("Escape")
    expect(page.locator("#footer button")).to_be_focused()
    page.locator(".tools details summary").last.click()
    page.locator(".tools").get_by_role("button", name="Affichage").click()
    page.keyboard.press("Escape")
    expect(page.locator(".tools details summary").last).to_be_focused()  # the menu is shut by then
    for _page in range(2):  # remembered by the browser
        page.locator("h1").click()
        page.keyboard.press("/")
        expect(page.locator("#tools-search")).not_to_be_focused()
        page.reload()


def test_the_field_of_the_header_suggests_where_to_go_and_the_keys_are_listed(visitor, team):
    agent = visitor(1280)
    agent.enter(team.agent)
    page = agent.page
    field, options = page.locator("#tools-search"), page.locator("#goto [role=option]")
    page.evaluate(
        "document.querySelector('h1').insertAdjacentHTML('afterend', '<p class=messages>Fait.</p>')"
    )
    page.keyboard.press("/")
    page.keyboard.type("constat")
    expect(options.first).to_be_visible()
    expect(page.locator("#status")).to_contain_text("flèches pour choisir")
    expect(page.locator(".messages")).to_have_text("Fait.")  # no act took place since
    page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    expect(field).to_have_value("constat")
    page.keyboard.type("s")
    expect(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", "go-to-1")
    assert look.faults(page, "header") == []
    page.keyboard.press("Enter")
    page.wait_for_url("**/findings**")
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.locator("#keys kbd").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()


def test_on_a_phone_the_key_leads_to_the_field_of_the_search_which_suggests(visitor, team):
    agent = visitor(320)
    agent.enter(team.agent)
    page, field = agent.page, agent.page.locator("#q")
    page.keyboard.press("/")
    page.wait_for_url("**/search*#q")
    expect(field).to_be_focused()
    page.locator("h1").click()
    page.keyboard.press("/")
    expect(field).to_be_focused()
    page.keyboard.type("constats")
    expect(page.locator(".search [role=option]").first).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.keyboard.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", "go-to-1")
    assert look.faults(page, "main") == []
    page.keyboard.press("Enter")
    page.wait_for_url("**/findings**")

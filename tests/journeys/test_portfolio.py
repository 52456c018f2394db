"""Browser test: a programme lead sees who needs help, filters teams, and opens one."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.journeys.windows import in_every_window

pytestmark = pytest.mark.browser

PORTFOLIO = "/portfolio?programme=ami-ia-2018"


def asked(visitor) -> dict[str, list[str]]:
    """Return the filters in the URL."""
    return parse_qs(urlsplit(visitor.page.url).query)


@pytest.fixture
def lead(visitor, width, script):
    """The demonstration's lead on the first programme's portfolio."""
    window = visitor(width, script=script)
    window.enter("direction@demo.example", PORTFOLIO)
    return window


def open_filters(lead) -> None:
    """Open the filters, which stand behind a button."""
    if not lead.page.get_by_label("Organisation").is_visible():
        lead.click(lead.page.locator("#filter > summary"))
    expect(lead.page.get_by_label("Organisation")).to_be_visible()


def apply(lead, script) -> None:
    """Apply the filters: at once with scripts, by a button without."""
    if not script:
        lead.press("Appliquer")
        open_filters(lead)


def test_the_first_thing_a_lead_reads_names_a_team_and_says_why(lead, script):
    tile = lead.page.get_by_role("list", name="En bref").get_by_role("listitem").nth(1)
    # The tile names first those that nobody is in charge of.
    row = lead.page.locator(".teams__row").filter(has_text="non suivi").first
    expect(tile).to_contain_text(row.locator(".team").inner_text())
    if script:  # elsewhere the whole menu stands before it
        expect(tile).to_be_in_viewport()
    expect(row).to_contain_text("En difficulté")
    why = row.locator(".reason").inner_text()
    assert re.search(r"\w+ \w+", why), why


def test_the_key_of_gates_stands_where_gates_do(lead, width):
    strip, key = lead.page.locator(".teams__row .strip").first, lead.page.locator(".foot .key")
    expect(key).to_be_visible(visible=strip.is_visible())


@in_every_window
def test_a_team_unfolds_in_place_and_a_signal_is_taken_in_charge(lead, script, width):
    """With scripts its second row is loaded; without, a link leads to the same address."""
    first = lead.page.locator("tbody:has(.teams__row)").first
    name = first.locator(".team").inner_text()
    lead.click(first.locator(".teams__open summary"))
    if not script:
        lead.follow(f"Le détail de {name}")
        assert asked(lead)["open"]
    unfolded = lead.page.locator(".teams__more").first
    expect(unfolded).to_contain_text("Au vert si")
    if script:
        expect(lead.page.locator("#status")).to_contain_text(f"Le détail de {name}")
    charge = unfolded.locator(".teams__charge", has_text="S’engager sur ce signal").last
    if not charge.count():
        return
    lead.click(charge.locator("summary"))
    if script:
        expect(charge.get_by_label("Ce que vous faites")).to_be_focused()
    lead.watch.expect(422)
    lead.press("S’engager sur ce signal", within=charge)
    expect(unfolded).to_contain_text("Dites ce que vous faites")
    expect(unfolded).to_contain_text("Au vert si")  # refused where it was typed
    again = unfolded.locator(".teams__charge[open]")
    again.get_by_label("Ce que vous faites").fill(f"J’appelle à {width} {script}")
    lead.press("S’engager sur ce signal", within=again)
    expect(lead.page.locator(".teams__more", has_text=f"J’appelle à {width} {script}")).to_be_visible()
    lead.finds_no_fault()


@in_every_window
def test_a_lead_filters_sorts_goes_back_and_clears(lead, script):
    open_filters(lead)
    lead.choose("Aide demandée")
    apply(lead, script)
    expect(lead.page).to_have_url(re.compile(r"help=1"))
    rows = lead.page.locator(".teams__row")
    some = rows.count()
    lead.fill("Organisation", "herault")
    if script:
        lead.page.keyboard.press("Tab")
    apply(lead, script)
    expect(lead.page).to_have_url(re.compile(r"organisation=herault"))
    assert asked(lead)["help"] == ["1"]
    lead.page.go_back()
    expect(lead.page).not_to_have_url(re.compile(r"organisation=herault"))
    if script:  # elsewhere the browser shows the page as it was left, with what was typed
        expect(lead.page.get_by_label("Organisation")).to_have_value("")
    expect(lead.page.get_by_label("Aide demandée")).to_be_checked()
    expect(rows).to_have_count(some)
    lead.follow("Réinitialiser les filtres")
    open_filters(lead)
    expect(lead.page.get_by_label("Aide demandée")).not_to_be_checked()
    expect(rows).to_have_count(6)
    assert "help" not in asked(lead)


def test_filtering_again_by_the_button_takes_no_step_of_its_own(lead, script):
    if not script:
        return
    open_filters(lead)
    lead.choose("Aide demandée")
    expect(lead.page).to_have_url(re.compile(r"help=1"))
    before = lead.page.locator("#portfolio").element_handle()
    lead.press("Appliquer")
    before.wait_for_element_state("hidden")  # another list has taken its place
    lead.page.go_back()
    expect(lead.page).not_to_have_url(re.compile(r"help=1"))


def test_an_organisation_is_found_without_its_accents(lead, script):
    open_filters(lead)
    lead.fill("Organisation", "herault")
    lead.page.keyboard.press("Enter")
    expect(lead.page).to_have_url(re.compile(r"organisation=herault"))
    rows = lead.page.locator(".teams__row")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("DDTM 34")
    lead.page.reload()
    expect(rows).to_have_count(1)
    expect(lead.page.get_by_label("Organisation")).to_have_value("herault")


def test_silent_teams_come_alone_and_a_sort_is_kept_in_the_address(lead, script):
    open_filters(lead)
    lead.choose("Sans sprint clos depuis 21 jours ou plus")
    apply(lead, script)
    expect(lead.page).to_have_url(re.compile(r"silent=1"))
    lead.acts += 1
    lead.page.get_by_label("Trier par").select_option(label="Organisation")
    apply(lead, script)
    expect(lead.page).to_have_url(re.compile(r"sort=organisation"))
    figure = lead.page.locator(".tile", has_text="silencieuse").locator("strong")
    expect(lead.page.locator(".teams__row")).to_have_count(int(figure.inner_text()))


def test_a_lead_opens_the_team_that_needs_help_most(lead):
    row = lead.page.locator(".teams__row").first
    name = row.locator("a.team").inner_text()
    lead.click(row.locator("a.team"))
    expect(lead.page.locator("h1")).to_be_visible()
    expect(lead.page.locator("#content").get_by_text(name).first).to_be_visible()

"""Browser test of the frame: each role's menu, the height of the header, what a visit transfers."""

import pytest
from playwright.sync_api import expect

from portal.app.demo.people import ACCOUNTS
from tests.journeys import look

pytestmark = pytest.mark.browser

WIDE, PHONE = 1280, 375
HEIGHTS = {WIDE: 125, PHONE: 90}  # px of the header, at most
REQUESTS_MAX, COLD_MAX, WARM_MAX = 10, 200_000, 8 * 1024  # bytes
DEMO = {account.role: account.email for account in ACCOUNTS if account.local_part not in ("agent2", "coach2")}


def links_of(page) -> list[tuple[str, str]]:
    every = "links => links.map(link => [link.textContent.trim(), link.getAttribute('href')])"
    return [(name, url) for name, url in page.locator("#navigation a").evaluate_all(every)]


@pytest.mark.parametrize("role", DEMO, ids=str)
@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_each_entry_of_a_menu_opens_below_a_low_header(visitor, role, width):
    window = visitor(width)
    window.enter(DEMO[role])
    links = links_of(window.page)
    assert 1 <= len(links) <= 7
    assert window.page.locator("main").inner_text().strip()
    for name, url in links:
        window.go(url)
        marked = window.page.locator("#navigation a[aria-current]")
        assert [text.strip() for text in marked.all_text_contents()] == [name]
        height = window.page.locator("#header").bounding_box()["height"]
        assert height <= HEIGHTS[width], f"{height} px on {url}"
        assert window.page.evaluate("document.documentElement.scrollWidth") <= width
    assert look.faults(window.page, "#header") == []


@pytest.mark.parametrize("width", [WIDE, 320])
def test_without_scripts_the_whole_menu_is_there_and_on_a_phone_folded(visitor, team, width):
    agent = visitor(width, script=False)
    agent.enter(team.agent)
    if width != WIDE:
        expect(agent.page.locator("#menu")).to_be_hidden()
        agent.page.locator("#header a[href='#menu']").click()
    for name in ("Projet", "Sprints", "Tests", "Éthique", "Jalons", "Discussions"):
        expect(agent.page.locator("#navigation").get_by_role("link", name=name)).to_be_visible()
    agent.add("Un risque")
    agent.page.wait_for_url("**/risks*")
    agent.switch("English")
    expect(agent.page.locator("html")).to_have_attribute("lang", "en")


def test_on_a_phone_the_thumb_reaches_what_a_team_adds_and_help(visitor, team):
    agent = visitor(PHONE)
    agent.enter(team.agent, f"/projects/{team.slug}/gates")
    bar = agent.page.locator(".thumb")
    agent.click(bar.locator("summary"))
    assert look.faults(agent.page, ".thumb") == []
    agent.click(bar.get_by_role("link", name="Un constat"))
    agent.page.wait_for_url("**/findings/new")
    agent.click(agent.page.locator(".thumb").get_by_role("link", name="De l’aide"))
    expect(agent.page.locator("h1")).to_contain_text("aide")


def test_the_badge_of_the_demonstration_explains_itself(visitor):
    agent = visitor(PHONE)
    agent.enter(DEMO["team_lead"])
    agent.click(agent.page.locator(".demo summary"))
    expect(agent.page.locator(".demo")).to_contain_text("tout le reste est inventé")
    assert look.faults(agent.page, "#header") == []


def transferred(page, act) -> list[int]:
    """The bytes of each request that `act` sends over the network: headers and compressed body."""
    sizes = []
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    act()
    page.wait_for_load_state("networkidle")
    session.detach()
    return [size for size in sizes if size]  # nothing is transferred from the cache


def test_a_first_visit_of_the_portfolio_is_light_and_the_next_one_page(browser, portal, tell):
    context = browser.new_context(viewport={"width": WIDE, "height": 900}, locale="fr-FR")
    name, value = portal.session_of(DEMO["programme_lead"])
    context.add_cookies([{"name": name, "value": value, "url": portal.url}])
    page = context.new_page()
    cold = transferred(page, lambda: page.goto(f"{portal.url}/portfolio"))
    warm = transferred(page, lambda: page.goto(f"{portal.url}/portfolio"))
    context.close()
    tell("weight", cold=sum(cold), cold_requests=len(cold), warm=sum(warm), warm_requests=len(warm))
    assert len(cold) <= REQUESTS_MAX
    assert sum(cold) <= COLD_MAX
    assert len(warm) == 1
    assert sum(warm) <= WARM_MAX


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize(
    ("reader", "place", "act"),
    [
        ("direction", "/programmes/ami-ia-2019/projects/new", "Créer le projet"),
        ("admin", "/programmes/new", "Créer le programme"),
        ("jury", "/inbox/preferences", "Enregistrer mes choix"),
        ("agent", "/profile/tokens", "Créer le jeton"),
    ],
)
def test_on_a_phone_the_button_of_a_long_form_outside_a_project_stays_in_sight(
    visitor, reader, place, act, script
):
    window = visitor(PHONE, script=script)
    window.page.set_viewport_size({"width": PHONE, "height": 667})
    window.enter(f"{reader}@demo.example", place)
    button = window.page.get_by_role("button", name=act, exact=True)
    form = window.page.locator("main form", has=button).bounding_box()
    assert form is not None
    assert form["height"] > 667
    for y in (form["y"], form["y"] + form["height"] / 3):
        window.page.evaluate("y => window.scrollTo(0, y)", y)
        expect(button).to_be_in_viewport(ratio=0.9)

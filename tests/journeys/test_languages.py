"""Browser test: the language switch is remembered, and English pages contain no French."""

import pytest
from playwright.sync_api import expect

from tests.journeys.crawl import crawl

pytestmark = pytest.mark.browser

FRENCH = (
    "Enregistrer",
    "Sprints clos",
    "Portefeuille",
    "Équipe",
    "Se déconnecter",
    "Accueil",
    "Clore le sprint",
    "Publier le message",
    "Modifier",
    "obligatoire",
)


def switch_to_english(window) -> None:
    window.switch("English")
    expect(window.page.locator("html")).to_have_attribute("lang", "en")


def french_in(text: str) -> list[str]:
    return [word for word in FRENCH if word in text]


@pytest.mark.parametrize("who", ["agent", "coach", "leads"])
def test_every_page_is_in_english_once_chosen(visitor, portal, team, who):
    window = visitor()
    window.sign_in(getattr(team, who))
    switch_to_english(window)
    left = {}
    for each in crawl(portal, window, ["/", f"/projects/{team.slug}/sprints/1"]):
        if words := french_in(each.page.text_content()):
            left[each.path] = words
        assert each.page.get("lang") == "en", each.path
    assert left == {}


def test_the_language_is_remembered_by_the_person_and_by_the_browser(visitor, team, width, script):
    window = visitor(width, script=script)
    window.go("/sign-in")
    switch_to_english(window)
    window.page.reload()
    expect(window.page.locator("html")).to_have_attribute("lang", "en")
    expect(window.page.locator("h1")).to_have_text("Sign in")
    assert french_in(window.page.locator("body").inner_text() + window.page.title()) == []
    other = visitor(width, script=script)
    other.sign_in(team.agent)
    switch_to_english(other)
    again = visitor(width, script=script)
    again.sign_in(team.agent)
    expect(again.page.locator("html")).to_have_attribute("lang", "en")

"""Browser test: pictures have their title, sentence and table, and pages keep their measures."""

import pytest

from tests.journeys.look import NARROW, WIDE

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PHONE = 375
AGENT = "agent@demo.example"
ROUND = "/projects/ddtm-34/tests/1"

# Heights, px: from the title to the end of the results, nothing unfolded.
SPAN = """() => {
  const top = document.querySelector("h1").getBoundingClientRect().top;
  return document.querySelector("#results").getBoundingClientRect().bottom - top;
}"""
# Pictures that have no name, no sentence beside them, or no title.
UNTOLD = """() => [...document.querySelectorAll("main svg[role=img]")].filter((picture) => {
  const figure = picture.closest("figure, section");
  const label = picture.getAttribute("aria-label") || picture.querySelector("title")?.textContent;
  return !label || !figure.querySelector("h2, h3, figcaption") || !figure.querySelector("p, li, figcaption");
}).map((picture) => picture.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize(("width", "most"), [(WIDE["width"], 850), (PHONE, 1970)])
def test_a_round_shows_its_results_on_a_screen_or_two(visitor, width, most):
    agent = visitor(width)
    agent.enter(AGENT, ROUND)
    page = agent.page
    assert page.evaluate(SPAN) <= most
    assert page.evaluate(UNTOLD) == []
    assert page.locator("#results svg[role=img]").count() == 8  # three tasks twice, score, severities
    assert not page.locator("#numbers table").is_visible()
    page.locator("#numbers summary").click()
    assert page.locator("#numbers table").is_visible()
    for fold in ("#sessions", "#protocol"):
        page.locator(f"{fold} > summary").click()
    agent.finds_no_fault()


def test_a_round_fits_the_narrowest_phone_without_scripts(visitor):
    agent = visitor(NARROW["width"], script=False)
    agent.enter(AGENT, ROUND)
    agent.sees("Réussite sans aide :")
    agent.finds_no_fault()

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

# How much lighter or darker each part of the bars is than the ground, of 255: its fill on the page's own.
STANDS_OUT = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const grey = (...layers) => {
    for (const [colour, opacity] of [[getComputedStyle(document.body).backgroundColor, 1], ...layers]) {
      canvas.globalAlpha = opacity; canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    }
    const [red, green, blue] = canvas.getImageData(0, 0, 1, 1).data;
    return 0.21 * red + 0.72 * green + 0.07 * blue;
  };
  const layer = (part) => [getComputedStyle(part).fill, Number(getComputedStyle(part).fillOpacity)];
  return [...document.querySelectorAll(".fill--doing, .three__proved, polygon.area")].map(
    (part) => Math.round(Math.abs(grey(layer(part)) - grey())));
}"""


@pytest.mark.parametrize(("width", "most"), [(WIDE["width"], 900), (PHONE, 2000)])
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


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_part_of_a_bar_stands_out_by_day_and_by_night(visitor, scheme):
    agent = visitor(WIDE["width"])
    agent.enter(AGENT, "/projects/ddtm-34/sprints/10")
    agent.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    parts = []
    for path in ("/projects/ddtm-34/sprints/10", "/projects/ddtm-34/gates"):
        agent.page.goto(f"{agent.url}{path}")
        parts += agent.page.evaluate(STANDS_OUT)
    assert len(parts) >= 2
    assert min(parts) >= 35

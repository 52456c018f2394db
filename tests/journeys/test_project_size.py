"""Browser test: a team sees at once how its project is and what is its turn (DDTM 34)."""

import pytest

pytestmark = pytest.mark.browser

MEASURE = """() => ({
  yours: Math.round(document.getElementById("yours").getBoundingClientRect().top + scrollY),
  height: document.documentElement.scrollHeight,
  width: document.documentElement.scrollWidth,
})"""


SIZES = [(1280, 900, 1500), (375, 740, 2850)]  # window; height at most
YOURS = 530  # px, the lowest place of what is one's turn
# The tallest pages of the demonstration: most things that wait, a long health, a guided start, a stop.
TALLEST = (
    ("agent@demo.example", "ddtm-34"),
    ("porteur-chu-toulouse@demo.example", "chu-toulouse"),
    ("agent1-ign@demo.example", "ign"),
    ("direction@demo.example", "chu-bordeaux"),
    ("direction@demo.example", "sisse"),
    ("direction@demo.example", "insee"),
    ("direction@demo.example", "dgddi"),
)


@pytest.mark.parametrize(("width", "height", "tallest"), SIZES)
def test_the_page_of_a_project_is_short_and_starts_with_what_is_ones_turn(visitor, width, height, tallest):
    reader = visitor(width)
    reader.page.set_viewport_size({"width": width, "height": height})
    faults = {}
    for email, slug in TALLEST:
        reader.enter(email, f"/projects/{slug}")
        measured = reader.page.evaluate(MEASURE)
        if measured["yours"] > YOURS or measured["height"] > tallest or measured["width"] > width:
            faults[slug] = measured
    assert not faults


PLACES = (
    "gates",
    "health",
    "sprints",
    "sprints/3",
    "sprints/10",
    "risks",
    "tests/2",
    "tests/sessions/6",
    "backlog",
)


@pytest.mark.parametrize(("width", "tallest"), [(1280, 1500), (375, 2850)])
def test_the_lists_of_a_project_are_a_line_a_thing(visitor, width, tallest):
    member = visitor(width)
    member.enter("agent@demo.example", "/projects/ddtm-34")
    heights = {}
    for place in PLACES:
        member.go(f"/projects/ddtm-34/{place}")
        heights[place] = member.page.evaluate("document.documentElement.scrollHeight")
    assert not {place: height for place, height in heights.items() if height > tallest}


# What is looked for most, below the project's address: on the page itself, or in its menu.
ONE_CLICK = (
    "findings",
    "reviews",
    "health",
    "help",
    "file/sheets",
    "files",
    "threads",
    "tests/coverage",
    "transparency",
)


@pytest.mark.parametrize("width", [1280, 375])
def test_what_is_looked_for_most_is_one_click_from_the_page_or_its_menu(visitor, width):
    member = visitor(width)
    member.enter("agent@demo.example", "/projects/ddtm-34")
    sight = member.page.locator("main a:visible, .thumb a:visible, .tools a:visible, #navigation a")
    paths = {link.get_attribute("href") for link in sight.all()}
    assert not {place for place in ONE_CLICK if f"/projects/ddtm-34/{place}" not in paths}
    links = member.page.locator(".shortcuts a")
    assert all(link.is_visible() for link in links.all())


@pytest.mark.parametrize(("width", "tallest"), [(1280, 1510), (375, 2850)])
def test_what_is_to_decide_is_short(visitor, width, tallest):
    lead = visitor(width)
    lead.enter("direction@demo.example", "/to-decide")
    assert lead.page.evaluate("document.documentElement.scrollHeight") <= tallest


IN_SIGHT = """(button) => {
  const box = button.getBoundingClientRect();
  return button.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2));
}"""


@pytest.mark.parametrize(
    ("place", "act"), [("backlog", "Déplacer"), ("sprints/11/items", "Prendre les éléments cochés")]
)
def test_on_a_phone_nothing_covers_what_is_done_with_ticked_items(visitor, place, act):
    member = visitor(375)
    member.page.set_viewport_size({"width": 375, "height": 740})
    member.enter("agent@demo.example", f"/projects/ddtm-34/{place}")
    box = member.page.locator(".item__pick input").nth(2)
    box.evaluate("box => box.scrollIntoView({block: 'center'})")
    box.check(force=True)
    assert member.page.get_by_role("button", name=act, exact=True).evaluate(IN_SIGHT)

import pytest

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.item_list_queries import PER_PAGE
from portal.sprints.backlog.models import Item, ItemKind
from tests.support import factories as make
from tests.support.browser import words_of

LIST = "/projects/heron/backlog"
ENOUGH = 12  # statements of a page


@pytest.fixture
def browser(person, browser_for):
    return browser_for(person)


def titles(page) -> list[str]:
    return [words_of(link) for link in page.select("#items .item__title")]


def handle(item: Item) -> str:
    db.session.refresh(item)
    return f"{item.number}-{item.version}"


def test_an_empty_backlog_says_what_belongs_there(browser):
    page = browser.visit(LIST)
    assert "Le carnet est vide" in page.text
    assert page.select_one("details#add").has_attr("open")


def test_lines_become_items_with_their_kind_and_points(browser):
    page = browser.submit(LIST, lines="5 Annoter\nbug : L’export plante", to="bottom")
    assert titles(page) == ["Annoter", "L’export plante"]
    assert "2 éléments ajoutés, 5 points." in words_of(page)
    assert db.session.query(Item).filter_by(kind=ItemKind.BUG).one().points is None


def test_what_was_added_is_told_beside_the_field_that_is_ready_for_more(browser):
    page = browser.submit(LIST, lines="Annoter", to="bottom")
    assert page.select_one("details#add").has_attr("open")
    assert "1 élément ajouté" in words_of(page.select_one("#add [data-announce]"))
    assert page.select_one("#lines[data-focus]").text.strip() == ""
    assert not page.select(".messages")  # shown once
    page = browser.visit(LIST)
    assert not page.select("details#add[open], [data-focus], #add [data-announce]")


def test_without_script_the_answer_opens_at_the_field(browser):
    form = browser.visit(LIST).select_one("#add form")
    assert (form["action"], form["hx-post"]) == (f"{LIST}#lines", LIST)
    assert form["hx-target"] == form["hx-select"] == "#content"


def test_the_button_that_moves_several_has_an_id_to_give_the_focus_back_to(project, browser):
    """portal.js restores the focus by the id of the focused element."""
    make.item(project)
    page = browser.visit(LIST)
    assert words_of(page.select_one("#items form button#move-picked")) == "Déplacer"
    again = browser.with_htmx().submit(f"{LIST}/arrange", expect=422, to="top")
    assert again.select_one("button#move-picked")


def test_a_double_click_adds_once(browser):
    for _ in range(2):
        browser.submit(LIST, lines="Annoter", to="top", form_key="abc")
    assert db.session.query(Item).count() == 1


def test_nothing_typed_is_refused_beside_the_field(browser):
    page = browser.submit(LIST, expect=422, lines="  ", to="bottom")
    assert "Écrivez au moins une ligne." in words_of(page.select_one("#lines-messages"))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Élan", "Bêta"]),
        ("?kind=bug", ["Bêta"]),
        ("?q=ELAN", ["Élan"]),
        ("?state=blocked", ["Élan"]),
        ("?assignee=nobody", ["Bêta"]),
        ("?where=done", ["Fini"]),
        ("?where=dropped", ["Parti"]),
        ("?where=sprints", ["Fini"]),
        ("?kind=dragon&assignee=1&page=0", ["Élan", "Bêta"]),  # reported, and ignored
        ("?q=%25", []),
    ],
)
def test_a_list_is_narrowed_by_its_address(project, person, browser, query, found):
    sprint = make.active_sprint(project)
    blocked = {"state": ItemState.BLOCKED, "block_reason": "Sans accès", "assignee_id": person.id}
    make.item(project, title="Élan", **blocked)
    make.item(project, title="Bêta", kind=ItemKind.BUG)
    make.item(project, sprint, title="Fini", state=ItemState.DONE, done_at=clock.now())
    make.item(project, title="Parti", gone_at=clock.now())
    page = browser.visit(LIST + query)
    assert titles(page) == found
    assert ("n’a pas été compris" in page.text) == ("dragon" in query)
    if "kind=dragon" in query:
        told = words_of(page.select_one("main [role=status]"))
        assert "tenu compte : Qui s’en occupe, Nature, Page." in told


def test_ticked_items_go_into_a_sprint(project, browser):
    make.active_sprint(project, number=4)
    one, two = make.item(project), make.item(project)
    ticked = [handle(one), handle(two)]
    page = browser.submit(f"{LIST}/arrange", items=ticked, to="sprint-4")
    assert "2 éléments dans le sprint 4." in words_of(page)
    assert titles(browser.visit(f"{LIST}?where=sprints")) == [one.title, two.title]


def test_a_button_of_a_row_changes_its_place(project, browser):
    one, two, three = (make.item(project, title=title) for title in ("Un", "Deux", "Trois"))
    page = browser.visit(LIST)
    up = page.select_one(f"#up-{three.number}")
    assert up["value"] == f"{handle(three)}:before:{two.number}"
    page = browser.submit(f"{LIST}/arrange", place=up["value"])
    assert titles(page) == ["Un", "Trois", "Deux"]
    assert page.select_one(f"#up-{one.number}")["aria-disabled"] == "true"


def test_an_item_goes_past_the_edge_of_its_page(project, browser):
    items = [make.item(project, title=f"{n}") for n in range(PER_PAGE + 1)]
    last, other = items[-1], items[-2]
    down = browser.visit(LIST).select_one(f"#down-{other.number}")
    assert down["value"] == f"{handle(other)}:after:{last.number}"
    up = browser.visit(f"{LIST}?page=2").select_one(f"#up-{last.number}")
    assert up["value"] == f"{handle(last)}:before:{other.number}"
    assert titles(browser.submit(f"{LIST}/arrange?page=2", place=up["value"])) == [other.title]


def test_htmx_gets_the_list_alone_with_what_was_done(project, browser):
    item, _other = make.item(project), make.item(project)
    fragment = browser.with_htmx().submit(f"{LIST}/arrange", place=f"{handle(item)}:bottom")
    assert fragment.html is None
    assert "a changé de place" in fragment.select_one("[data-announce]").text


@pytest.mark.parametrize(
    "typed",
    [
        {"items": "x"},
        {"items": "1-99999999999"},
        {"items": "1-1;DROP"},
        {"to": "top"},
        {"place": "1-1:beyond"},
        {"place": "1-1:before:x"},
        {"items": "1-1", "to": "sprint-77"},
    ],
)
def test_what_no_page_sends_is_refused_with_a_sentence(project, browser, typed):
    make.item(project, number=1)
    page = browser.submit(f"{LIST}/arrange", expect=422, **{"to": "top"} | typed)
    assert page.select(".error-summary")


def test_an_item_of_another_project_is_not_found(project, browser):
    make.item(make.project(), number=77_777)
    browser.submit(f"{LIST}/arrange", expect=404, items="77777-1", to="top")
    browser.visit(f"{LIST}/77777", expect=404)


def test_whoever_comes_second_reads_what_happened_and_loses_nothing(project, person, browser):
    make.active_sprint(project)
    item = make.item(project, title="Annoter")
    stale = handle(item)
    browser.submit(f"{LIST}/arrange", items=stale, to="sprint-1")
    page = browser.submit(f"{LIST}/arrange", expect=409, items=stale, to="top")
    said = words_of(page.select_one(".error-summary"))
    assert f"« Annoter » : pris dans un sprint par {person.name} à l’instant." in said
    db.session.refresh(item)
    assert item.iteration_id is not None


def test_two_texts_of_one_item_are_shown_side_by_side(project, browser):
    item = make.item(project, title="Annoter", number=7)
    typed = {"kind": "story", "points": "", "assignee_id": "", "description": ""}
    browser.submit(f"{LIST}/7/edit", **typed, title="Texte du premier", version=item.version)
    page = browser.submit(f"{LIST}/7/edit", expect=409, **typed, title="Texte du second", version=1)
    (texts,) = page.select(".two-texts")  # nobody changed the assignee: nobody is one word
    assert "Texte du premier" in texts.text
    assert "Texte du second" in texts.text


def test_the_page_of_an_item_tells_its_history(project, browser):
    browser.submit(LIST, lines="3 Annoter", to="bottom")
    item = db.session.query(Item).one()
    browser.submit(f"{LIST}/{item.number}/block", reason="Sans accès", version=item.version)
    page = browser.visit(f"{LIST}/{item.number}")
    told = [words_of(line) for line in page.select(".history > li")]
    assert told[0].startswith("Bloqué · « Sans accès »")
    assert told[1].startswith("Ajouté")


def test_an_item_goes_through_its_verbs(project, person, browser):
    make.active_sprint(project)
    item = make.item(project, number=7, title="Annoter")

    def act(verb: str, expect: int = 200, **typed: str):
        db.session.refresh(item)
        return browser.submit(f"{LIST}/7/{verb}", expect=expect, version=item.version, **typed)

    assert "dans le sprint en cours" in act("state", expect=422, state="doing").text
    act("move", to="sprint-1")
    act("take")
    page = act("state", state="doing")
    assert person.name in page.main.text
    act("split", lines="2 Relire", points="3")
    act("state", state="done")
    assert "n’est plus à faire" in act("drop", expect=403).text
    db.session.refresh(item)
    assert (item.state, item.points, item.assignee_id) == (ItemState.DONE, 3, person.id)


def test_a_dropped_item_is_taken_back(project, browser):
    item = make.item(project, number=7, title="Annoter")
    page = browser.submit(f"{LIST}/7/drop", version=item.version)
    assert "Le carnet est vide" in page.text
    page = browser.visit(f"{LIST}/7")
    assert "Abandonné" in page.text
    db.session.refresh(item)
    browser.submit(f"{LIST}/7/take-back", version=item.version)
    assert titles(browser.visit(LIST)) == ["Annoter"]


def test_readers_see_the_list_without_its_buttons(project, browser_for):
    make.item(project, title="Annoter")
    for role in (Role.COACH, Role.ETHICS_REVIEWER, Role.PROGRAMME_LEAD):
        page = browser_for(make.holder(role, project)).visit(LIST)
        assert titles(page) == ["Annoter"]
        assert not page.select("#items input:not([type=hidden]), #lines")
        offered = [words_of(button) for button in page.select("#items button")]
        assert offered == ["CSV", "tableur (XLSX)"]  # the export


def test_fifty_items_cost_what_one_costs(project, browser, statements):
    sprint = make.active_sprint(project)
    costs = []
    for count in (1, 49):
        for _ in range(count):
            make.item(project)
            make.item(project, sprint)
        item = make.item(project, number=90_000 + count)
        paths = (LIST, f"{LIST}?where=sprints", f"{LIST}/{item.number}", "/projects/heron/board")
        costs.append([])
        for path in paths:
            browser.visit(path)  # a first visit marks the discussion read
            statements.clear()
            browser.visit(path)
            costs[-1].append(len(statements))
    assert costs[0] == costs[1]
    assert max(costs[0][:2] + costs[0][3:]) <= ENOUGH


def history_of(page) -> list[str]:
    """The lines of the history, without person and time."""
    lines = page.select(".history li")
    for line in lines:
        line.select_one(".reason").extract()
    return [words_of(line) for line in lines]


def test_the_history_says_to_whom_an_item_was_given(person, browser):
    browser.submit(LIST, lines="Annoter", to="bottom")
    page = browser.submit(f"{LIST}/1/take", version=1)
    assert history_of(page) == [f"Confié · {person.name}", "Ajouté"]


def test_the_history_says_that_an_item_was_taken_from_somebody(person, browser):
    browser.submit(LIST, lines="Annoter", to="bottom")
    browser.submit(f"{LIST}/1/take", version=1)
    text = {"title": "Annoter", "kind": "story", "points": "", "assignee_id": ""}
    page = browser.submit(f"{LIST}/1/edit", version=2, **text)
    assert history_of(page) == ["Modifié · à personne", f"Confié · {person.name}", "Ajouté"]

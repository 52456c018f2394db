"""The board, planning from the backlog, and the close with its open items."""

import pytest

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.models import Item
from tests.sprints.sprints.test_views import CLOSE
from tests.support import factories as make
from tests.support.browser import words_of

BOARD = "/projects/heron/board"


def column(page, state: str) -> list[str]:
    return [words_of(one) for one in page.select(f"[data-state={state}] .item__title")]


def handle(item: Item) -> str:
    db.session.refresh(item)
    return f"{item.number}-{item.version}"


def test_without_a_sprint_the_board_says_how_to_fill_it(project, browser):
    assert "Aucun sprint n’est en cours" in browser.visit(BOARD).text
    make.sprint(project)
    assert browser.visit(BOARD).find("a", string="Voir le sprint 1")


def test_an_item_crosses_the_board(project, browser):
    item = make.item(project, make.active_sprint(project), title="Annoter", points=5)
    for state in ("doing", "done", "doing", "to_do"):
        page = browser.submit(BOARD, move=f"{handle(item)}:{state}")
        assert column(page, state) == ["Annoter"]
    assert "0 point fait sur 5" in words_of(page.select_one("#board"))


def test_the_card_that_moved_has_the_focus(project, browser):
    item = make.item(project, make.active_sprint(project))
    fragment = browser.with_htmx().submit(BOARD, move=f"{handle(item)}:doing")
    assert fragment.select_one("[data-focus]")["id"] == f"card-{item.number}"


def test_two_members_move_the_same_item_one_wins_the_other_is_told(project, person, browser, browser_for):
    item = make.item(project, make.active_sprint(project), title="Annoter")
    seen = handle(item)
    second = browser_for(make.role(project.id, Role.TEAM_MEMBER))
    browser.submit(BOARD, move=f"{seen}:done")
    page = second.submit(BOARD, expect=409, move=f"{seen}:doing")
    said = words_of(page.select_one(".error-summary"))
    assert f"« Annoter » : terminé par {person.name} à l’instant." in said
    assert column(page, "done") == ["Annoter"]  # the current state
    again = page.select_one("[name=move]")["value"]
    assert column(second.submit(BOARD, move=again), "doing") == ["Annoter"]


@pytest.mark.parametrize("move", ["", "x", "1-1", "1-1:gone", "1-99999999999:done"])
def test_a_move_that_no_page_sends_is_refused(project, browser, move):
    make.item(project, make.active_sprint(project), number=1)
    browser.submit(BOARD, expect=422, move=move)


def test_a_block_is_asked_for_its_reason(project, browser):
    item = make.item(project, make.active_sprint(project), number=1)
    page = browser.submit(BOARD, expect=422, move=f"{handle(item)}:blocked")
    assert "Dites ce qui bloque" in page.text
    link = browser.visit(BOARD).select_one("#card-1")["data-block"]
    asked = browser.visit(link).select_one("#form form")["action"]
    page = browser.submit(asked, reason="Sans accès", version=item.version)
    assert "Sans accès" in page.select_one("[data-state=blocked]").text


def test_readers_see_the_board_without_its_buttons(project, browser_for):
    make.item(project, make.active_sprint(project), title="Annoter")
    page = browser_for(make.role(project.id, Role.COACH)).visit(BOARD)
    assert column(page, "to_do") == ["Annoter"]
    assert not page.select("#board button")


def test_a_sprint_is_planned_from_the_backlog(project, browser):
    make.sprint(project, capacity=8)
    one, two = make.item(project, points=5), make.item(project, points=8)
    path = "/projects/heron/sprints/1/items"
    bar = browser.visit(path).select_one(".sticky")
    assert bar.find("button", string="Prendre les éléments cochés")
    assert "Dans le sprint : 0 point sur une capacité de 8." in words_of(bar)
    page = browser.submit(path, items=[handle(one), handle(two)])
    assert "Au-delà de la capacité" in page.text
    page = browser.submit(path, back=handle(two))
    assert "1 élément dans le sprint, 5 points" in words_of(page)
    browser.submit(path, expect=422)


def test_the_focus_stays_in_the_page_after_an_item_was_taken(project, browser):
    make.sprint(project)
    items = handle(make.item(project))
    fragment = browser.with_htmx().submit("/projects/heron/sprints/1/items", items=items)
    assert "1 élément pris" in fragment.select_one("[data-focus]").text


def test_what_was_moved_on_is_ticked_when_the_next_sprint_is_planned(project, browser):
    item = make.item(project, make.active_sprint(project))
    browser.submit("/projects/heron/sprints/1/close", **CLOSE)
    make.sprint(project, number=2)
    page = browser.visit("/projects/heron/sprints/2/items")
    assert page.select_one(f"#pick-{item.number}").has_attr("checked")


def test_a_closed_sprint_takes_nothing(project, browser):
    make.closed_sprint(project)
    item = make.item(project)
    page = browser.submit("/projects/heron/sprints/1/items", expect=422, items=handle(item))
    assert "ne prend plus" in page.text


def test_the_close_asks_what_becomes_of_each_open_item_and_needs_no_answer(project, browser):
    sprint = make.active_sprint(project)
    one, two = make.item(project, sprint), make.item(project, sprint)
    make.item(project, sprint, state=ItemState.DONE, done_at=clock.now(), started_at=clock.now())
    page = browser.visit("/projects/heron/sprints/1/close")
    fields = page.select("select[name^=spill-]")
    assert [field["name"] for field in fields] == [f"spill-{one.number}", f"spill-{two.number}"]
    assert "prochain sprint" in words_of(page.select_one("[name=spill] [selected]"))
    assert all("Comme les autres" in words_of(f.select_one("[selected]")) for f in fields)
    assert "à faire, non estimé" in words_of(fields[0].find_parent("div"))
    page = browser.submit("/projects/heron/sprints/1/close", **CLOSE | {f"spill-{two.number}": "dropped"})
    assert "1 élément fini sur 3" in words_of(page)
    told = words_of(page.main)
    assert "À faire · Abandonné" in told
    assert "À faire · Reporté au sprint suivant" in told


def test_a_draft_keeps_the_choices(project, browser):
    item = make.item(project, make.active_sprint(project))
    typed = {"blocker": "none", "version": 1, f"spill-{item.number}": "kept"}
    page = browser.submit("/projects/heron/sprints/1/draft", **typed)
    assert page.select_one("[name=spill] [selected]")["value"] == "kept"
    assert words_of(page.select_one(f"[name=spill-{item.number}] [selected]")) == "Comme les autres"


def test_a_draft_keeps_one_choice_for_all_and_its_exceptions(project, browser):
    sprint = make.active_sprint(project)
    numbers = [make.item(project, sprint).number for _n in range(3)]
    typed = {"blocker": "none", "version": 1, "spill": "kept", f"spill-{numbers[1]}": "dropped"}
    page = browser.submit("/projects/heron/sprints/1/draft", **typed)
    assert page.select_one("[name=spill] [selected]")["value"] == "kept"
    values = [page.select_one(f"[name=spill-{n}] [selected]")["value"] for n in numbers]
    assert values == ["", "dropped", ""]
    assert "tous au carnet, sauf 1 abandonné" in words_of(page.main)
    typed = CLOSE | {"version": 2, "spill": "moved_on", f"spill-{numbers[1]}": "kept"}
    page = browser.submit("/projects/heron/sprints/1/close", **typed)
    assert words_of(page.main).count("À faire · Reporté au sprint suivant") == 2
    assert words_of(page.main).count("À faire · Remis au carnet") == 1

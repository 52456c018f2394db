"""The board, planning from the backlog, the close with its spill-over, and the figures."""

from datetime import timedelta

import pytest

from portal.backlog.flow import State
from portal.backlog.models import Item
from portal.kernel import clock
from portal.kernel.access import Role
from portal.kernel.db import db
from portal.sprints import commands, measures, queries
from portal.sprints.commands import SprintPlan
from portal.sprints.models import Sprint
from tests.sprints.test_commands import LOG
from tests.sprints.test_views import CLOSE
from tests.support import factories as make
from tests.support.browser import words_of

BOARD = "/projects/heron/board"
FIGURES = "/projects/heron/figures"
ENOUGH = 12


@pytest.fixture
def project(app):
    return make.project(slug="heron")


@pytest.fixture
def person(project):
    return make.role(project.id, Role.TEAM_MEMBER)


@pytest.fixture
def browser(person, browser_for):
    return browser_for(person)


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


def test_two_members_move_the_same_item_one_wins_the_other_is_told(
    project, person, browser, browser_for
):
    item = make.item(project, make.active_sprint(project), title="Annoter")
    seen = handle(item)
    second = browser_for(make.role(project.id, Role.TEAM_MEMBER))
    browser.submit(BOARD, move=f"{seen}:done")
    page = second.submit(BOARD, expect=409, move=f"{seen}:doing")
    said = words_of(page.select_one(".error-summary"))
    assert f"« Annoter » : terminé par {person.name} à l’instant." in said
    assert column(page, "done") == ["Annoter"]  # as it stands now, ready to be moved knowingly
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
    make.item(project, sprint, state=State.DONE, done_at=clock.now(), started_at=clock.now())
    page = browser.visit("/projects/heron/sprints/1/close")
    fields = page.select("select[name^=spill-]")
    assert [field["name"] for field in fields] == [f"spill-{one.number}", f"spill-{two.number}"]
    assert all("prochain sprint" in words_of(f.select_one("[selected]")) for f in fields)
    page = browser.submit(
        "/projects/heron/sprints/1/close", **CLOSE | {f"spill-{two.number}": "dropped"}
    )
    assert "1 élément fini sur 3" in words_of(page)
    told = words_of(page.main)
    assert "À faire · Abandonné" in told
    assert "À faire · Reporté au sprint suivant" in told


def test_a_draft_keeps_the_choices(project, browser):
    item = make.item(project, make.active_sprint(project))
    typed = {"blocker": "none", "version": 1, f"spill-{item.number}": "kept"}
    page = browser.submit("/projects/heron/sprints/1/draft", **typed)
    chosen = page.select_one(f"[name=spill-{item.number}] [selected]")
    assert chosen["value"] == "kept"


def tell_sprints(project, person, count: int) -> None:
    """Closed ones, each with two items of which one was finished."""
    member = make.actor(person)
    began = clock.now() - timedelta(days=14 * count)
    for n in range(count):
        first = began + timedelta(days=14 * n)
        plan = SprintPlan(
            goal="g",
            starts_on=first.date(),
            ends_on=first.date() + timedelta(days=11),
            capacity=None,
        )
        with clock.at(first):
            sprint = commands.plan_sprint(member, project, plan)
            for _ in range(2):
                make.item(project, sprint, points=3)
            commands.start_sprint(member, project, sprint)
        with clock.at(first + timedelta(days=3)):
            done = db.session.query(Item).filter_by(iteration_id=sprint.id).first()
            done.state, done.done_at, done.started_at = State.DONE, clock.now(), first
            db.session.flush()
        with clock.at(first + timedelta(days=10)):
            commands.close_sprint(member, project, sprint, LOG, sprint.version)
    db.session.commit()


def test_figures_come_with_the_first_sprint(browser):
    assert "Pas encore de chiffres" in browser.visit(FIGURES).text


def test_a_forecast_takes_three_closed_sprints(project, person, browser):
    tell_sprints(project, person, 2)
    page = browser.visit(FIGURES)
    assert "il faut trois sprints clos" in words_of(page.main)
    assert "Il y en a 2." in words_of(page.main)


def test_the_figures_are_drawn_told_and_listed(project, person, browser):
    tell_sprints(project, person, 4)
    page = browser.visit(FIGURES)
    assert "dans 85 % des cas" in words_of(page.main)
    for name in ("burndown", "burnup", "velocity", "throughput", "cycle", "flow"):
        chart = page.select_one(f"#{name}-title")
        assert chart.find_parent("svg")["role"] == "img"
        figure = chart.find_parent("figure")
        assert words_of(figure.select_one("figcaption")) == words_of(chart)
        assert words_of(figure.select_one("table caption")) == words_of(chart)
    assert "3 points finis par sprint en moyenne" in words_of(page.select_one("#velocity-says"))


@pytest.mark.parametrize("query", ["?sprint=1", "?measure=items", "?sprint=999&measure=x"])
def test_another_sprint_or_measure_is_in_the_address(project, person, browser, query):
    tell_sprints(project, person, 3)
    page = browser.visit(FIGURES + query)
    assert page.select_one("#burndown-title")
    if "sprint=1" in query:
        assert page.select_one("#sprint").text == "Sprint 1"


def test_what_no_figures_answer_to_is_told(project, person, browser):
    tell_sprints(project, person, 1)
    for query, named in (
        ("?sprint=77", "Un autre sprint"),
        ("?sprint=x&measure=stones", "Un autre sprint, Mesure"),
    ):
        told = browser.visit(FIGURES + query).select_one("main [role=status]")
        assert f"Nous n’en avons pas tenu compte : {named}." in words_of(told)
    for query in ("", "?sprint=1", "?measure=points", "?sprint="):
        assert not browser.visit(FIGURES + query).select("main [role=status]")


def test_velocity_is_for_the_team_and_its_coaches(project, person, browser_for):
    tell_sprints(project, person, 3)
    for role, sees in (
        (Role.COACH, True),
        (Role.ETHICS_REVIEWER, False),
        (Role.PROGRAMME_LEAD, False),
    ):
        page = browser_for(make.holder(role, project)).visit(FIGURES)
        assert bool(page.select("#velocity-title, #forecast")) is sees
        assert page.select_one("#burndown-title")


def test_twenty_sprints_cost_what_three_cost(project, person, browser, statements):
    costs = []
    for count in (3, 17):
        tell_sprints(project, person, count) if not costs else _more(project, count)
        browser.visit(FIGURES)
        measures.forget()
        statements.clear()
        browser.visit(FIGURES)
        costs.append(len(statements))
    assert costs[0] == costs[1] <= ENOUGH


def test_figures_are_read_once_until_somebody_does_something(project, browser, statements):
    item = make.item(project, make.active_sprint(project))
    for state, said in (("doing", "0 élément fait"), ("done", "1 élément fait")):
        browser.submit(BOARD, move=f"{handle(item)}:{state}")
        with clock.at(clock.now().replace(second=1)):
            for costs in ({6, 7}, {2, 3}):  # with what begins the transaction
                statements.clear()
                page = browser.visit(f"{FIGURES}?measure=items")
                assert len(statements) in costs
                assert words_of(page.select_one("#burnup-title")).startswith(said)


def test_every_line_and_band_is_named_where_it_stands(project, person, browser):
    tell_sprints(project, person, 4)
    page = browser.visit(FIGURES)

    def named(chart: str) -> list[str]:
        figure = page.select_one(f"#{chart}-title").find_parent("figure")
        return [words_of(label) for label in figure.select(".chart__label")]

    assert sorted(named("burndown")) == ["Idéal", "Périmètre", "Reste"]
    assert sorted(named("burnup")) == ["Fait", "Périmètre"]
    assert "Moyenne" in named("velocity")
    flow = page.select_one("#flow-title").find_parent("figure")
    assert {"À faire", "En cours", "Fait"} <= {words_of(th) for th in flow.select("thead th")}
    bands = {one["class"][1] for one in flow.select(".chart__area")}
    assert len(named("flow")) >= 1
    assert bands == {f"chart__area--{state}" for state in State}
    head = [words_of(th) for th in page.select("figure:has(#burndown-title) thead th")]
    assert head[-1] == "Idéal"


def test_figures_say_what_is_on_the_page(project, person, browser):
    tell_sprints(project, person, 1)
    page = browser.visit(FIGURES)
    ways = [one["href"] for one in page.select(".fr-summary a")]
    assert ways == ["#forecast", "#sprint", "#closed", "#whole"]
    assert all(page.select_one(way) for way in ways)
    assert page.select_one(".to-top a")["href"] == "#content"


def test_figures_and_board_are_in_the_menu(project, browser):
    page = browser.visit(FIGURES)
    here = page.select_one(".fr-nav [aria-current=page]")
    assert (words_of(here), here["href"]) == ("Chiffres", FIGURES)


def _more(project, count: int) -> None:
    first = db.session.query(Sprint).count() + 1
    for n in range(first, first + count):
        make.item(project, make.closed_sprint(project, number=n))
    assert queries.find_last_closed(project)

"""The figures of a project: their content, and their cache."""

from datetime import timedelta

import pytest

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.models import Item
from portal.sprints.sprints import charts, commands, figure_queries, queries
from portal.sprints.sprints.commands import SprintPlan
from portal.sprints.sprints.models import Sprint
from tests.sprints.sprints.test_commands import LOG
from tests.support import factories as make
from tests.support.browser import words_of

BOARD = "/projects/heron/board"
FIGURES = "/projects/heron/figures"
ENOUGH = 12


def handle(item: Item) -> str:
    db.session.refresh(item)
    return f"{item.number}-{item.version}"


def tell_sprints(project, person, count: int) -> None:
    """Closed sprints, each with two items of which one is done."""
    member = make.actor(person)
    began = clock.now() - timedelta(days=14 * count)
    for n in range(count):
        first = began + timedelta(days=14 * n)
        plan = SprintPlan(
            goal="g",
            starts_on=clock.day_of(first),
            ends_on=clock.day_of(first) + timedelta(days=11),
            capacity=None,
        )
        with clock.frozen_at(first):
            sprint = commands.plan_sprint(member, project, plan)
            for _ in range(2):
                make.item(project, sprint, points=3)
            commands.start_sprint(member, project, sprint)
        with clock.frozen_at(first + timedelta(days=3)):
            done = db.session.query(Item).filter_by(iteration_id=sprint.id).first()
            done.state, done.done_at, done.started_at = ItemState.DONE, clock.now(), first
            db.session.flush()
        with clock.frozen_at(first + timedelta(days=10)):
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


def test_a_sprint_closed_early_is_held_to_what_was_planned(project, person, browser):
    """The remaining work ends at the close; the ideal goes on to the last planned day."""
    tell_sprints(project, person, 1)
    sprint = db.session.query(Sprint).one()
    figures = figure_queries.read_figures(make.actor(person), project, "UTC")
    told = figures.selected_sprint
    assert told.ends_on == sprint.ends_on == clock.day_of(told.closed_at)
    assert told.planned_to == sprint.ends_on + timedelta(days=1)

    drawn = charts.draw_burndown(figures, told, "UTC")

    day = told.planned_to.strftime("%-d")
    assert drawn.x_ticks[-1].label.startswith(day)
    left = float(drawn.rows[-1][-1].replace(",", "."))
    assert left == pytest.approx(6 * (1 - 10 / 12), abs=0.5)


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
    for role, sees in ((Role.COACH, True), (Role.ETHICS_REVIEWER, False), (Role.PROGRAMME_LEAD, False)):
        page = browser_for(make.holder(role, project)).visit(FIGURES)
        assert bool(page.select("#velocity-title, #forecast")) is sees
        assert page.select_one("#burndown-title")


def test_twenty_sprints_cost_what_three_cost(project, person, browser, statements):
    costs = []
    for count in (3, 17):
        tell_sprints(project, person, count) if not costs else _more(project, count)
        browser.visit(FIGURES)
        figure_queries.clear_figures_cache()
        statements.clear()
        browser.visit(FIGURES)
        costs.append(len(statements))
    assert costs[0] == costs[1] <= ENOUGH


def test_figures_are_read_once_until_somebody_does_something(project, browser, statements):
    item = make.item(project, make.active_sprint(project))
    for state, said in (("doing", "0 élément fait"), ("done", "1 élément fait")):
        browser.submit(BOARD, move=f"{handle(item)}:{state}")
        with clock.frozen_at(clock.now().replace(second=1)):
            for costs in ({6, 7}, {2, 3}):  # with or without the statement that begins the transaction
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
    assert bands == {f"chart__area--{state}" for state in ItemState}
    head = [words_of(th) for th in page.select("figure:has(#burndown-title) thead th")]
    assert head[-1] == "Idéal"


def test_figures_of_one_sprint_come_first_and_those_of_all_are_folded(project, person, browser):
    tell_sprints(project, person, 1)
    page = browser.visit(FIGURES)
    folded = page.select("#sprint ~ * details.fold, section ~ .folds > details.fold:not([open])")
    assert [each["id"] for each in folded] == ["closed", "whole"]
    for measure, names in (
        ("points", ["vélocité", "débit", "temps de cycle en jours"]),
        ("items", ["vélocité", "temps de cycle en jours"]),
    ):
        closed = browser.visit(f"{FIGURES}?measure={measure}").select_one("#closed")
        told = words_of(closed.summary).replace("\xa0", " ")
        assert told.endswith(f"1 sprint clos : {', '.join(names)}")
        assert [words_of(title).lower() for title in closed.select("h3")] == names
    assert page.select_one(".to-top a")["href"] == "#content"


def test_figures_stand_beside_the_sprints(project, browser):
    page = browser.visit(FIGURES)
    assert words_of(page.select_one(".fr-nav [aria-current]")) == "Sprints"
    here = page.select_one(".tabs [aria-current=page]")
    assert (words_of(here), here["href"]) == ("Chiffres", FIGURES)


def _more(project, count: int) -> None:
    first = db.session.query(Sprint).count() + 1
    for n in range(first, first + count):
        make.item(project, make.closed_sprint(project, number=n))
    assert queries.find_last_closed_sprint(project)

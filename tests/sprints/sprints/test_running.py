"""A running sprint's page: its items by state, one button each, a line to add one, and what it leaves out."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.text import format_day
from portal.sprints.backlog.flow_rules import ItemState, Velocity
from portal.sprints.backlog.models import Item, SpillTarget
from portal.sprints.sprints import commands, figure_queries, queries, running_charts, section_views
from tests.sprints.sprints.test_commands import LOG
from tests.support import factories as make
from tests.support import project_file, user_tests
from tests.support.browser import words_of

S = "/projects/heron/sprints"


def handle(item: Item) -> str:
    db.session.refresh(item)
    return f"{item.number}-{item.version}"


@pytest.fixture
def sprint(project):
    today = clock.today()
    return make.active_sprint(project, starts_on=today - timedelta(days=4), ends_on=today + timedelta(days=5))


def test_it_says_how_many_days_are_left_and_lists_items_by_state(project, browser, sprint):
    make.item(project, sprint, title="Annoter", points=3)
    make.item(project, sprint, title="Lire", state=ItemState.DOING, started_at=clock.now())
    make.item(project, sprint, title="Relire", state=ItemState.BLOCKED, block_reason="Il manque l’accès.")
    page = browser.visit(f"{S}/1")
    assert words_of(page.h1) == "Sprint 1 : 5 jours restants sur 10"
    assert [words_of(title) for title in page.select("#work h3")] == [
        "Bloqué (1)",
        "En cours (1)",
        "À faire (1)",
    ]
    assert "Il manque l’accès." in words_of(page.select_one("#work .late"))
    assert [words_of(button) for button in page.select("#work [name=move]")] == [
        "Débloquer",
        "Terminer",
        "Commencer",
    ]
    page = browser.submit(f"{S}/1/add", title="5 Mesurer")
    assert words_of(page.select_one("#burndown-title")) == "Il reste 1 élément sur 1"  # what events tell
    assert "Depuis le démarrage, 1 élément en plus." in words_of(page.main)


def test_one_button_a_line_moves_an_item_and_keeps_the_focus(project, browser, sprint):
    item = make.item(project, sprint, title="Annoter")
    page = browser.submit(f"{S}/1/move", move=f"{handle(item)}:doing")
    assert words_of(page.h1).startswith("Sprint 1")
    assert "« Annoter » : en cours." in words_of(page.main)
    fragment = browser.with_htmx().submit(f"{S}/1/move", move=f"{handle(item)}:done")
    assert fragment.find(id="work")
    assert fragment.select_one("[data-focus]")["id"] == f"item-{item.number}"
    assert item.state is ItemState.DONE


def test_what_remains_is_refreshed_with_the_list_and_the_undo_goes_away(project, browser, sprint):
    item = make.item(project, sprint, title="Annoter", points=3)
    assert browser.visit(f"{S}/1").select_one("#undo button")
    fragment = browser.with_htmx().submit(f"{S}/1/move", move=f"{handle(item)}:done")
    assert fragment.select_one("#beside")["hx-swap-oob"] == "outerHTML"
    assert fragment.select_one("#undo")["hx-swap-oob"] == "outerHTML"
    assert not fragment.select("#undo button")
    page = browser.visit(f"{S}/1")
    assert len(page.select("#beside")) == len(page.select("#undo")) == 1
    assert not page.select("#undo button")


def know_pace(monkeypatch, *, in_points=True):
    """A team that usually finishes 18 points, or 18 items."""
    read = figure_queries.read_figures

    def read_with_pace(*args, **given):
        return replace(
            read(*args, **given), velocity=Velocity(n=3, mean=18.2, least=8, most=31), in_points=in_points
        )

    monkeypatch.setattr(section_views, "read_figures", read_with_pace)


def test_carried_items_come_ticked_up_to_what_the_team_usually_finishes(project, browser, monkeypatch):
    sprint = make.sprint(project)
    make.item(project, sprint, points=5)
    carried = [
        make.item(project, points=points, spill=SpillTarget.MOVED_ON, **given)
        for points, given in (
            (8, {}),
            (3, {"state": ItemState.BLOCKED, "block_reason": "Pas d’accès"}),
            (5, {}),
            (2, {}),
        )
    ]

    def list_ticked():
        page = browser.visit(f"{S}/1/items")
        return page, [bool(page.select(f"#pick-{item.number}[checked]")) for item in carried]

    page, ticked = list_ticked()
    assert ticked == [True, False, True, True]
    assert "d’habitude" not in words_of(page.select_one(".sticky"))
    know_pace(monkeypatch)
    page, ticked = list_ticked()
    assert ticked == [True, False, True, False]
    assert [words_of(tag) for tag in page.select(".sticky > p:not(.x-wide) small")] == [
        "18 points d’habitude"
    ]


def test_a_chosen_load_stands_beside_what_the_team_usually_finishes(project, browser, monkeypatch):
    sprint = make.sprint(
        project, starts_on=clock.today() + timedelta(days=3), ends_on=clock.today() + timedelta(days=9)
    )
    make.item(project, sprint, title="Annoter", points=44)
    paths = f"{S}/1/items", f"{S}/1", f"{S}/1/start"
    assert not any("d’habitude" in words_of(browser.visit(path).main) for path in paths)
    know_pace(monkeypatch)
    for path in paths:
        assert "44 points, 18 points d’habitude, soit 26 de plus" in words_of(browser.visit(path).main)
    for path in paths[:2]:
        assert (
            browser.visit(path).select_one("main .fr-badge--warning").text.strip() == "Au-delà de l’habitude"
        )
    know_pace(monkeypatch, in_points=False)
    assert "Il prend 1 élément, 18 éléments d’habitude." in words_of(browser.visit(paths[2]).main)
    know_pace(monkeypatch)
    make.item(project, title="Au carnet", points=2)
    bar = browser.visit(paths[0]).select_one(".sticky")
    assert bar.select_one("[data-picked-sum]")["data-picked-sum"] == "44"
    assert bar.select_one("[data-picked-over]")["data-picked-over"] == "18"
    assert "de plus" not in words_of(bar)  # what is ticked comes on top
    way = browser.visit(paths[0]).find("a", string="Écrire de nouveaux éléments pour ce sprint")["href"]
    entry = browser.visit(way.partition("#")[0]).select_one("#add form")
    assert entry.select_one("option[selected]")["value"] == "sprint-1"
    page = browser.submit(entry["action"].partition("#")[0], lines="2 Relire", to="sprint-1")
    assert "Éléments du sprint 1" in words_of(page.h1)
    assert "Relire" in words_of(page.main)


def test_a_sprint_started_and_closed_before_its_first_day_says_its_one_day(project, browser):
    today = clock.today()
    moment = {"started_at": clock.now(), "closed_at": clock.now()}
    days = dict.fromkeys(("starts_on", "ends_on"), today + timedelta(days=1))
    make.closed_sprint(project, **moment | days)
    said = words_of(browser.visit(f"{S}/1").main)
    assert f"Démarré et clos le {format_day(today)}" in said
    assert "Du " not in said


def test_a_sprint_closed_early_passes_its_planned_length_on(project, person):
    today = clock.today()
    sprint = make.active_sprint(
        project, starts_on=today - timedelta(days=2), ends_on=today + timedelta(days=9)
    )
    commands.close_sprint(make.actor(person), project, sprint, LOG, sprint.version)
    db.session.commit()
    assert sprint.ends_on == today
    first, last = queries.suggest_sprint_dates(project)
    assert (first, last - first) == (today + timedelta(days=1), timedelta(days=11))


def test_whoever_comes_second_is_told_what_the_first_did(project, person, browser, browser_for, sprint):
    item = make.item(project, sprint, title="Annoter")
    seen = handle(item)
    browser.submit(f"{S}/1/move", move=f"{seen}:doing")
    second = browser_for(make.role(project.id, Role.TEAM_MEMBER))
    page = second.submit(f"{S}/1/move", expect=409, move=f"{seen}:done")
    assert f"« Annoter » : commencé par {person.name} à l’instant." in words_of(page.main)


def test_a_line_becomes_an_item_of_the_sprint(project, browser, sprint):
    page = browser.submit(f"{S}/1/add", title="bug : 5 L’export plante")
    item = db.session.query(Item).one()
    assert (item.title, item.points, item.kind, item.iteration_id) == ("L’export plante", 5, "bug", sprint.id)
    assert page.select_one("#title").has_attr("data-focus")
    page = browser.submit(f"{S}/1/add", expect=422, title="  ")
    assert "Écrivez au moins une ligne." in words_of(page.select_one("#title-messages"))


def test_without_items_it_leads_to_choosing_them(project, browser, browser_for, sprint):
    make.item(project)
    page = browser.visit(f"{S}/1")
    assert page.find("a", string="Prendre dans le carnet")["href"] == f"{S}/1/items"
    coach = browser_for(make.role(project.id, Role.COACH))
    page = coach.visit(f"{S}/1")
    said = "Aucun élément Tableau Sans élément, rien ne dit où en est ce sprint."
    assert (words_of(page.select_one("#work")), page.select("#work form")) == (said, [])


def test_where_the_backlog_is_empty_too_it_leads_to_writing_items(project, browser, sprint):
    page = browser.visit(f"{S}/1")
    assert "Le carnet est vide : écrivez ici" in words_of(page.select_one("#work"))
    assert not page.find("a", href=f"{S}/1/items")
    (act,) = browser.visit(f"{S}/1/items").select("#scope .fr-btn")
    assert act["href"] == "/projects/heron/backlog?to=sprint-1#lines"


def test_a_planned_sprint_without_items_says_what_waits_for_it(project, browser, browser_for):
    make.sprint(project, number=1)
    page = browser.visit(f"{S}/1")
    assert page.find("a", string="Écrire ses éléments")["href"] == "/projects/heron/backlog?to=sprint-1#lines"
    make.item(project)
    assert "Rien encore" in words_of(browser.visit(f"{S}/1").main)
    for _count in range(2):
        make.item(project, spill=SpillTarget.MOVED_ON)
    said = "2 éléments reportés d’un sprint passé l’attendent au carnet."
    page = browser.visit(f"{S}/1")
    assert f"{said} Les prendre dans le sprint" in words_of(page.main)
    coach = browser_for(make.role(project.id, Role.COACH)).visit(f"{S}/1")
    assert said in words_of(coach.main)
    assert not coach.find("a", href=f"{S}/1/items")


def test_readers_see_no_buttons(project, browser_for, sprint):
    make.item(project, sprint, title="Annoter")
    page = browser_for(make.role(project.id, Role.COACH)).visit(f"{S}/1")
    assert "Annoter" in words_of(page.select_one("#work"))
    assert not page.select("#work button")


def test_a_severe_finding_outside_of_it_goes_into_the_sprint_by_a_button(project, browser, sprint):
    finding = user_tests.finding(user_tests.round_(project, project_file.version(project)), severity=4)
    page = browser.visit(f"{S}/1")
    take = page.find("button", string="Mettre au sprint")
    path = f"/projects/heron/findings/{finding.number}/sprint"
    assert (take["formaction"], bool(page.select(f"form#{take['form']} [name=csrf_token]"))) == (path, True)
    page = browser.submit(path)
    item = db.session.query(Item).one()
    assert (item.iteration_id, item.title) == (sprint.id, finding.what)
    assert not page.find("button", string="Mettre au sprint")
    browser.submit(path)  # a second click finds it there
    assert db.session.query(Item).count() == 1


def test_fifty_items_cost_what_one_costs(project, browser, sprint, statements):
    costs = []
    for count in (1, 49):
        for _n in range(count):
            make.item(project, sprint)
        browser.visit(f"{S}/1")
        statements.clear()
        browser.visit(f"{S}/1")
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 16


def test_a_start_on_another_day_says_the_dates_and_asks(project, browser):
    today = clock.today()
    make.sprint(project, starts_on=today + timedelta(days=12), ends_on=today + timedelta(days=25))
    page = browser.visit(f"{S}/1/start")
    assert "c’est 12 jours plus tôt" in words_of(page.main)
    assert page.select_one("[name=ends_on]")["value"] == (today + timedelta(days=13)).isoformat()  # 14 days
    wrong = browser.submit(f"{S}/1/start", expect=422, ends_on=(today - timedelta(days=1)).isoformat())
    assert "avant le premier" in words_of(wrong.select_one("#ends_on-messages"))
    stale = (today - timedelta(days=1)).isoformat()
    wrong = browser.submit(f"{S}/1/start", expect=422, ends_on=today.isoformat(), first_day=stale)
    assert "Le jour a changé" in words_of(wrong.main)
    typed = {"first_day": today.isoformat(), "ends_on": (today + timedelta(days=13)).isoformat()}
    page = browser.submit(f"{S}/1/start", **typed)
    assert words_of(page.h1) == "Sprint 1 : 13 jours restants sur 14"
    page = browser.submit(f"{S}/1/undo", version=page.select_one("main [name=version]")["value"])
    assert "Le démarrage du sprint 1 est annulé" in words_of(page.main)
    assert page.find("a", string="Démarrer le sprint")


def test_on_its_planned_day_a_sprint_starts_at_once(project, browser):
    today = clock.today()
    make.sprint(project, starts_on=today, ends_on=today + timedelta(days=13))
    assert browser.visit(f"{S}/1").find("button", string="Démarrer le sprint")
    page = browser.submit(f"{S}/1/start")
    assert words_of(page.h1) == "Sprint 1 : 13 jours restants sur 14"


@pytest.mark.parametrize(("first", "last", "proposed"), [(-3, 6, 9), (-30, -21, 9)])
def test_a_late_start_keeps_as_many_days(project, browser, first, last, proposed):
    today = clock.today()
    make.sprint(project, starts_on=today + timedelta(days=first), ends_on=today + timedelta(days=last))
    page = browser.visit(f"{S}/1/start")
    assert f"c’est {-first} jours plus tard" in words_of(page.main)
    assert page.select_one("[name=ends_on]")["value"] == (today + timedelta(days=proposed)).isoformat()


@pytest.mark.parametrize(("now_y", "even_y"), [(0, 0), (11, 0), (0, 11), (100, 97), (50, 50), (20, 60)])
def test_labels_of_the_burndown_never_stand_on_each_other(now_y, even_y):
    drawn = running_charts.SmallBurndown(
        *("",) * 4, 10, now_y, 0, even_y, "", "", date(2026, 3, 2), date(2026, 3, 13)
    )
    left, even = drawn.label_heights
    assert abs(left - even) >= running_charts.LABEL_HEIGHT
    assert 8 <= min(left, even) <= max(left, even) <= 88
    assert (left <= even) == (now_y <= even_y)

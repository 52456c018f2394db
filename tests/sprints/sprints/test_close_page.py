"""The close: two answers, the rest folded; nothing to report; the weather and the next goal."""

from datetime import timedelta

import pytest

from portal.oversight.health.opinion_queries import list_weathers
from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from portal.platform.kernel.text import format_day
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.sprints.closing_rules import judge_outcome
from portal.sprints.sprints.models import Sprint, SprintOutcome
from portal.sprints.sprints.outlook_rules import OutlookLevel
from tests.support import factories as make
from tests.support.browser import words_of

S = "/projects/heron/sprints"
CLOSE = {"outcome": "met", "summary": "100 lettres lues.", "blocker": "none", "version": 1}


def sprint_at(number: int) -> Sprint:
    db.session.expire_all()
    return db.session.query(Sprint).filter_by(number=number).one()


def fold(page, title: str) -> str:
    (summary,) = [one for one in page.select(".folds summary") if words_of(one).startswith(title)]
    assert not summary.parent.has_attr("open")
    return words_of(summary).removeprefix(title).strip()


@pytest.mark.parametrize(
    ("done", "total", "outcome"),
    [
        (3, 3, SprintOutcome.MET),
        (0, 3, SprintOutcome.MISSED),
        (1, 3, SprintOutcome.PARTLY),
        (0, 0, SprintOutcome.PARTLY),
    ],
)
def test_the_outcome_that_items_show(done, total, outcome):
    assert judge_outcome(done, total) is outcome


@pytest.mark.parametrize(("done", "outcome"), [(0, "missed"), (1, "partly"), (2, "met")])
def test_nothing_to_report_needs_no_answer_and_says_before_what_it_does(project, browser, done, outcome):
    sprint = make.active_sprint(project)
    for n in range(2):
        state = (
            {"state": ItemState.DONE, "done_at": clock.now(), "started_at": clock.now()} if n < done else {}
        )
        make.item(project, sprint, **state)
    told = {"missed": "but manqué", "partly": "but atteint en partie", "met": "but atteint"}[outcome]
    page = browser.visit(f"{S}/1/close")
    assert f"clôt aussitôt : {told} ({done} élément" in words_of(page.select_one("#nothing-says"))
    page = browser.submit(f"{S}/1/close", version=1, nothing="1")
    assert (sprint_at(1).outcome, sprint_at(1).summary) == (outcome, "Rien à signaler.")
    assert "La clôture s’annule jusqu’à" in words_of(page.main)
    page = browser.submit(f"{S}/1/undo", version=sprint_at(1).version)
    assert sprint_at(1).closed_at is None
    assert "son journal redevient un brouillon" in words_of(page.main)
    again = browser.submit(f"{S}/1/undo", expect=409, version=1)
    assert "Rien n’a changé" in words_of(again.main)


def test_a_close_that_awaits_a_decision_says_why_it_is_not_undone(project, browser):
    make.active_sprint(project)
    page = browser.submit(f"{S}/1/close", **CLOSE | {"decision_awaited": "Ouvrir les archives."})
    assert "Cette clôture a demandé une décision" in words_of(page.select_one("#undo"))
    assert not page.select("#undo button")


def test_a_close_that_asks_for_help_says_that_its_undo_withdraws_the_request(project, browser):
    make.active_sprint(project)
    typed = CLOSE | {"blocker_text": "Il manque un lecteur.", "help_wanted": "1"}
    page = browser.submit(f"{S}/1/close", **typed)
    assert "tant que personne n’a pris la demande d’aide" in words_of(page.select_one("#undo"))
    page = browser.submit(f"{S}/1/undo", version=sprint_at(1).version)
    assert "sa demande d’aide retirée" in words_of(page.main)


@pytest.mark.parametrize("is_taken", [True, False])
def test_the_undo_of_a_close_says_which_days_remain_where_the_next_sprint_has_them(
    project, browser, is_taken
):
    today = clock.today()
    make.active_sprint(project, starts_on=today - timedelta(days=2), ends_on=today + timedelta(days=9))
    browser.submit(f"{S}/1/close", **CLOSE)
    first = today + timedelta(days=1 if is_taken else 10)
    make.sprint(project, number=2, starts_on=first, ends_on=first + timedelta(days=5))
    page = browser.submit(f"{S}/1/undo", version=sprint_at(1).version)
    assert sprint_at(1).ends_on == (today if is_taken else today + timedelta(days=9))
    remaining = (
        f"Un autre sprint a pris ses jours : il va maintenant du {format_day(today - timedelta(days=2))}"
    )
    shown = words_of(page.main)
    assert (f"{remaining} au {format_day(today)}." in shown) is is_taken
    assert "son journal redevient un brouillon" in shown


def test_a_close_before_the_first_day_says_what_day_is_kept_and_that_its_goal_counts(project, browser):
    today = clock.today()
    make.closed_sprint(project, starts_on=today - timedelta(days=9), ends_on=today)
    days = {"starts_on": today + timedelta(days=1), "ends_on": today + timedelta(days=19)}
    sprint = make.active_sprint(project, number=2, started_at=clock.now(), **days)
    words = words_of(browser.visit(f"{S}/2/close").main)
    assert "annulez plutôt le démarrage" in words
    sprint.drafted_at = clock.now()
    db.session.commit()
    assert "annulez plutôt" not in words_of(browser.visit(f"{S}/2/close").main)  # work was noted since
    assert "Le sprint ne commence que le" in words
    assert "n’en garde qu’un jour, le" in words
    assert "avance sa fin" not in words


def test_folds_say_what_they_hold(project, browser):
    today = clock.today()
    make.closed_sprint(project, blocker="annotation", indicator="Rappel", indicator_after=0.61)
    sprint = make.active_sprint(
        project, number=2, starts_on=today - timedelta(days=5), ends_on=today + timedelta(days=9)
    )
    make.item(project, sprint, points=3)
    next_days = {"starts_on": today + timedelta(days=10), "ends_on": today + timedelta(days=20)}
    make.sprint(project, number=3, goal="Relire", **next_days)
    page = browser.visit(f"{S}/2/close")
    assert fold(page, "1 élément non fini") == "tous au sprint 3"
    assert fold(page, "Montré et appris") == "rien encore ; Rappel : 0,61"
    assert fold(page, "Ce qui bloque") == "annotation, comme au sprint 1"
    assert fold(page, "Décision attendue du programme") == "aucune"
    assert fold(page, "Météo") == "pas encore dite"
    assert fold(page, "La suite").startswith("sprint 3 déjà planifié, du")
    assert "Le clore aujourd’hui avance sa fin de 9 jours." in words_of(page.main)
    assert "0 élément fait sur 1, 0 point sur 3" in words_of(page.find("aside"))


def test_a_late_close_says_how_late(project, browser):
    today = clock.today()
    make.active_sprint(project, starts_on=today - timedelta(days=20), ends_on=today - timedelta(days=2))
    assert "C’était il y a 2 jours." in words_of(browser.visit(f"{S}/1/close").main)


def test_a_next_goal_becomes_that_of_the_planned_sprint_unless_it_changed_meanwhile(project, browser):
    make.active_sprint(project)
    days = {"starts_on": clock.today() + timedelta(days=40), "ends_on": clock.today() + timedelta(days=50)}
    make.sprint(project, number=2, goal="Relire", **days)
    page = browser.visit(f"{S}/1/close")
    assert page.select_one("[name=next_goal]")["value"] == "Relire"
    shown = page.select_one("[name=planned_goal]")["value"]
    sprint_at(2).goal = "Changé par un collègue"
    db.session.commit()
    page = browser.submit(f"{S}/1/close", **CLOSE | {"next_goal": "Mien", "planned_goal": shown})
    assert "Le sprint 2 garde son but" in words_of(page.main)
    assert sprint_at(2).goal == "Changé par un collègue"
    browser.submit(f"{S}/1/undo", version=sprint_at(1).version)
    typed = CLOSE | {"next_goal": "Mien", "planned_goal": sprint_at(2).goal, "version": sprint_at(1).version}
    page = browser.submit(f"{S}/1/close", **typed)
    assert "Le sprint 2 prend le but que vous annoncez." in words_of(page.main)
    assert sprint_at(2).goal == "Mien"


def test_the_weather_of_a_close_is_the_weather_of_the_project(project, person, browser):
    make.active_sprint(project)
    browser.submit(f"{S}/1/close", **CLOSE | {"outlook": "rainy", "outlook_note": "L’accès tarde."})
    (weather,) = list_weathers(project)
    assert (weather.outlook, weather.sentence, weather.who) == (
        OutlookLevel.RAINY,
        "L’accès tarde.",
        person.name,
    )
    make.active_sprint(project, number=2)
    page = browser.visit(f"{S}/2/close")
    assert fold(page, "Météo").startswith("pluie, dite le ")
    browser.submit(f"{S}/2/close", version=1, nothing="1")
    assert len(list_weathers(project)) == 1  # nothing to report says no weather


def test_what_is_known_already_is_read_before_the_questions(project, browser):
    make.active_sprint(project)
    page = browser.visit(f"{S}/1/close")
    known = page.find("h2", string="Déjà su, à ne pas redire")
    assert page.select_one("[name=summary]") in known.find_all_next("input")

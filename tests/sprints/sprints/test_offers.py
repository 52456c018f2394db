"""The buttons of a sprint's page: only allowed actions, and a link to unread comments."""

import pytest

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from tests.sprints.sprints.test_views import BOARD, CLOSE
from tests.support import factories as make
from tests.support.browser import words_of


def test_a_planned_sprint_waits_for_the_one_that_runs(project, browser):
    make.active_sprint(project)
    make.sprint(project, number=2)
    page = browser.visit(f"{BOARD}/2")
    assert not page.find("button", string="Démarrer le sprint")
    assert "Il pourra démarrer quand le sprint 1 sera clos" in words_of(page.main)
    assert page.find("a", string="Voir le sprint 1")["href"] == f"{BOARD}/1"
    assert words_of(browser.visit(f"{BOARD}/2/start").h1) == "Sprint 2 : Apprendre"  # nothing to ask
    page = browser.submit(f"{BOARD}/2/start", expect=422, ends_on="2026-12-31")
    assert "Le sprint 1 est en cours" in words_of(page.main)


def test_a_planned_sprint_says_what_is_in_it_to_whoever_reads_it(project, browser_for):
    sprint = make.sprint(project, capacity=5)
    for title, points in (("Annoter", 8), ("Relire", None)):
        make.item(project, sprint, title=title, points=points)
    coach = browser_for(make.role(project.id, Role.COACH))
    page = coach.visit(f"{BOARD}/1")
    assert [words_of(one) for one in page.select(".item__title")] == ["Annoter", "Relire"]
    assert "2 éléments, 8 points pour une capacité de 5 points Au-delà" in words_of(page.main)


def test_after_a_close_the_way_leads_to_what_is_planned_already(project, browser):
    make.closed_sprint(project)
    assert browser.visit(f"{BOARD}/1").find("a", string="Planifier le suivant")
    make.sprint(project, number=2)
    page = browser.visit(f"{BOARD}/1")
    assert not page.find("a", string="Planifier le suivant")
    assert page.find("a", string="Voir le sprint 2")["href"] == f"{BOARD}/2"


def test_a_plan_in_which_help_is_asked_for_is_not_offered_to_be_deleted(project, browser):
    make.sprint(project, help_wanted=True, help_asked_at=clock.now())
    make.sprint(project, number=2)
    offers = [browser.visit(f"{BOARD}/{number}").find("a", string="Supprimer") for number in (1, 2)]
    assert [bool(offer) for offer in offers] == [False, True]


def test_while_the_next_sprint_runs_the_way_leads_to_it(project, browser):
    make.closed_sprint(project)
    make.active_sprint(project, number=2)
    page = browser.visit(f"{BOARD}/1")
    assert page.find("a", string="Voir le sprint 2")
    assert not page.find("a", string="Planifier le suivant")


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("/board", {"move": "1-1:done"}),
        ("/backlog", {"lines": "Un", "to": "bottom"}),
        ("/backlog/arrange", {"place": "1-1:top"}),
        ("/sprints/1/items", {"items": "1-1"}),
        ("/sprints/1/close", CLOSE),
        ("/file/data/new", {}),
    ],
)
def test_a_coach_who_writes_is_told_who_may(project, browser_for, path, typed):
    make.active_sprint(project)
    coach = browser_for(make.role(project.id, Role.COACH))
    page = coach.submit(f"/projects/heron{path}", expect=403, **typed)
    assert "Seule l’équipe du projet peut le faire. Rien n’a été changé." in words_of(page.main)


def test_unread_comments_have_a_way_to_them_on_a_closed_sprint(project, browser):
    sprint = make.closed_sprint(project)
    make.comment(sprint.discussion_id, make.role(project.id, Role.COACH))
    page = browser.visit(f"{BOARD}/1")
    ways = page.find_all("a", string="1 message non lu")
    assert len(ways) == 2  # under the title, and above the discussion
    anchors = {way["href"] for way in ways}
    assert len(anchors) == 1
    assert page.select_one(anchors.pop())["class"] == ["comment", "comment--unread"]

"""Typed text comes back when a colleague was faster, or the project is paused."""

import pytest

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from tests.sprints.sprints.test_views import BOARD, CLOSE, PLAN
from tests.support import factories as make
from tests.support.browser import words_of


def test_a_close_that_comes_second_becomes_an_edit_of_the_log(project, browser_for):
    make.active_sprint(project)
    closer = make.role(project.id, Role.TEAM_MEMBER)
    first = browser_for(closer)
    second = browser_for(make.role(project.id, Role.TEAM_LEAD))
    late = {"outcome": "missed", "summary": "Mon texte à moi.", "blocker": "none"}
    first.submit(f"{BOARD}/1/close", **CLOSE | {"version": 1})
    for verb in ("close", "draft"):
        page = second.submit(f"{BOARD}/1/{verb}", expect=409, **late | {"version": 1})
        assert "Mon texte à moi." in page.text
        assert f"{closer.name} a clos ce sprint avant vous" in words_of(page.main)
    again = page.select_one("form[action$='/log']")
    version = again.select_one("[name=version]")["value"]
    second.submit(again["action"], **late | {"version": version})
    assert "Mon texte à moi." in words_of(second.visit(f"{BOARD}/1").main)


def test_a_plan_edited_after_the_close_is_given_back_with_why(project, browser):
    make.closed_sprint(project)
    page = browser.submit(f"{BOARD}/1/edit", expect=403, **PLAN | {"goal": "Mien", "version": 1})
    assert "son plan ne change plus" in words_of(page.main)
    assert page.select_one("[name=goal]")["value"] == "Mien"


def test_what_was_typed_as_the_project_was_paused_is_given_back(project, browser):
    project.paused_on = clock.today()
    db.session.commit()
    page = browser.submit(f"{BOARD}/plan", expect=403, **PLAN | {"goal": "Mien"})
    assert "n’est pas en cours" in words_of(page.main)
    assert page.select_one("[name=goal]")["value"] == "Mien"


def test_the_words_of_a_blocker_suffice_without_its_kind(project, browser):
    make.active_sprint(project)
    typed = CLOSE | {"blocker": "none", "blocker_text": "Accès refusé.", "version": 1}
    said = words_of(browser.submit(f"{BOARD}/1/close", **typed).main)
    assert "Accès refusé." in said
    assert "Rien ne bloque" not in said


@pytest.mark.parametrize(
    ("number", "step", "why"),
    [
        (1, "edit", "Ce sprint est clos : son plan ne change plus."),
        (1, "drop", "Ce sprint a commencé, il ne se supprime plus."),
        (2, "log", "Ce sprint n’est pas encore clos : son journal s’écrit à la clôture."),
        (2, "drop", "Ce sprint a commencé, il ne se supprime plus."),
        (3, "log", "Ce sprint n’a pas commencé : son journal s’écrit à la clôture."),
        (3, "close", "Ce sprint n’a pas commencé : démarrez-le avant de le clore."),
    ],
)
def test_what_is_not_open_yet_or_any_more_says_so_and_where_to_go_on(
    project, browser, browser_for, *, number, step, why
):
    make.closed_sprint(project, number=1)
    make.active_sprint(project, number=2)
    make.sprint(project, number=3)
    page = browser.visit(f"{BOARD}/{number}/{step}", expect=403)
    assert why in words_of(page.main)
    assert "Votre rôle" not in words_of(page.main)
    assert "qui vous a invité" not in words_of(page.main)
    assert page.select_one(f"main a[href='{BOARD}/{number}']")
    coach = browser_for(make.role(project.id, Role.COACH))
    page = coach.visit(f"{BOARD}/{number}/{step}", expect=403)
    assert "Seule l’équipe du projet peut le faire" in words_of(page.main)


@pytest.mark.parametrize("step", ["plan", "1/edit", "2/close"])
def test_a_project_that_rests_says_so_instead_of_showing_a_form(project, browser, step):
    make.closed_sprint(project, number=1)
    make.active_sprint(project, number=2)
    project.paused_on = clock.today()
    db.session.commit()
    page = browser.visit(f"{BOARD}/{step}", expect=403)
    assert "Ce projet n’est pas en cours" in words_of(page.main)
    assert page.select_one("main a[href='/projects/heron']")


def test_whoever_sends_the_close_again_is_told_that_it_was_done(project, browser):
    make.active_sprint(project)
    browser.submit(f"{BOARD}/1/close", **CLOSE | {"version": 1})
    page = browser.submit(f"{BOARD}/1/close", expect=409, **CLOSE | {"version": 1})
    assert "Vous avez déjà clos ce sprint aujourd’hui" in words_of(page.main)
    beside = page.find("button", string="Enregistrer le journal").find_parent("div")
    told = beside.find_previous_sibling("p")
    assert "rien n’a été envoyé deux fois" in words_of(told)
    assert told.find("a")["href"] == f"{BOARD}/1"
    assert page.select_one("[name=summary]")["value"] == CLOSE["summary"]

"""Decisions on fields changed here since the last import, before or with the confirmation."""

import pytest

from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.sprints.backlog.models import Item
from portal.sprints.backlog_import.models import BacklogImport
from tests.sprints.backlog_import import files
from tests.sprints.backlog_import.conftest import work
from tests.sprints.backlog_import.test_views import BACKLOG, bring
from tests.support import factories as make
from tests.support.browser import words_of


@pytest.fixture
def browser(person, browser_for):
    return browser_for(person)


def bring_what_was_changed_here(browser, *others) -> str:
    """An imported item that was renamed here, and a file with another title."""
    path = bring(browser, files.gitlab(files.issue(1, "Écran")))
    work()
    browser.submit(f"{path}/confirm", seen="1")
    work()
    item = db.session.query(Item).one()
    typed = {"title": "D’ici", "kind": "story", "assignee_id": "", "version": str(item.version)}
    browser.submit(f"{BACKLOG}/1/edit", **typed, description=item.description)
    path = bring(browser, files.gitlab(files.issue(1, "Du fichier"), *others))
    work()
    return path


def test_what_waits_for_a_choice_is_shown_first_and_what_is_ticked_goes_with_the_word(browser, project):
    path = bring_what_was_changed_here(browser, files.issue(2, "Neuf"))
    page = browser.visit(path)
    assert page.select_one('input[name="take"]')
    assert "1 élément du fichier a été modifié ici" in words_of(page.main)
    button = page.select_one(f"button[formaction='{path}/confirm']")
    form = page.select_one(f"form#{button['form']}")
    sent = {one["name"]: one["value"] for one in form.select("input[name]")}
    assert sent.keys() >= {"seen", "shown", "take"}
    page = browser.visit(f"{path}?show=new")
    assert page.select_one(f"form[action='{path}/confirm'] a[href='{path}?show=changed']")
    browser.submit(f"{path}/confirm", seen=sent["seen"], shown="0", take="0:title")
    work()
    titles = {item.title for item in db.session.query(Item)}
    assert titles == {"Du fichier", "Neuf"}


def test_who_a_name_is_may_be_said_at_once_and_an_account_is_proposed(browser, project):
    lea = make.role(project.id, Role.TEAM_MEMBER, make.person(email="lea.membre@demo.example", name="Léa M."))
    named = [files.issue(n, f"Écran {n}", Assignee=name) for n, name in enumerate(("lea.membre", "Inconnu"))]
    path = bring(browser, files.gitlab(*named))
    work()
    page = browser.visit(path)
    assert page.find("a", href="#people-legend", string="Dire qui c’est")
    fold = page.select_one("#choices")
    assert fold.has_attr("open")
    proposed, unknown = fold.select("select[name^=people_]")
    assert proposed.select_one("[selected]")["value"] == str(lea.id)
    assert "Proposé d’après son adresse" in words_of(proposed.parent)
    assert unknown.select_one("[selected]")["value"] == ""
    typed = {
        field["name"]: (field.select_one("[selected]") or field.option)["value"]
        for field in fold.select("select")
    }
    browser.submit(f"{path}/choices", **typed | {unknown["name"]: str(lea.id)})
    work()
    assert not browser.visit(path).select_one("#choices").has_attr("open")
    browser.submit(f"{path}/confirm", seen="2")
    work()
    assert {item.assignee_id for item in db.session.query(Item)} == {lea.id}


def test_a_proposal_that_the_team_declined_is_not_made_again(browser, project):
    lea = make.role(project.id, Role.TEAM_MEMBER, make.person(email="lea.membre@demo.example", name="Léa M."))
    path = bring(browser, files.gitlab(files.issue(1, "Écran", Assignee="lea.membre")))
    work()
    fold = browser.visit(path).select_one("#choices")
    typed = {
        field["name"]: (field.select_one("[selected]") or field.option)["value"]
        for field in fold.select("select")
    }
    assert typed["people_0"] == str(lea.id)
    browser.submit(f"{path}/choices", **typed | {"people_0": ""})
    work()
    fold = browser.visit(path).select_one("#choices")
    assert not fold.has_attr("open")
    assert fold.select_one("[name=people_0] [selected]")["value"] == ""
    browser.submit(f"{path}/confirm", seen="2")
    work()
    assert db.session.query(Item).one().assignee_id is None


def test_what_was_changed_here_is_chosen_line_by_line_or_for_all(browser, project):
    path = bring_what_was_changed_here(browser)
    page = browser.visit(f"{path}?show=changed")
    assert "Modifié ici" in words_of(page.main)
    box = page.select_one('input[name="take"][value="0:title"]')
    assert box is not None
    assert not box.has_attr("checked")
    typed = {"seen": "1", "shown": "0", "take": "0:title", "every": ""}
    page = browser.submit(f"{path}/decisions", **typed)
    assert page.select_one('input[value="0:title"]').has_attr("checked")
    page = browser.submit(f"{path}/decisions", seen="1", every="keep")
    assert not page.select_one('input[value="0:title"]').has_attr("checked")
    browser.submit(f"{path}/forget")
    assert db.session.query(BacklogImport).count() == 0

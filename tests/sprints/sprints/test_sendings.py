"""Forms of sprints sent twice (idempotency keys), and invalid values."""

import pytest

from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.sprints.sprints.models import Sprint
from tests.sprints.sprints.test_views import BOARD, CLOSE, PLAN
from tests.support import factories as make
from tests.support.browser import words_of


def test_a_double_click_closes_once_and_leads_to_the_same_page(project, browser):
    make.active_sprint(project)
    form = CLOSE | {"form_key": "abc"}
    pages = [browser.submit(f"{BOARD}/1/close", **form) for _ in range(2)]
    assert {words_of(page.h1) for page in pages} == {"Sprint 1 : Apprendre"}


def test_a_double_click_plans_one_sprint(browser):
    for _ in range(2):
        browser.submit(f"{BOARD}/plan", **PLAN, form_key="abc")
    assert db.session.query(Sprint).count() == 1


def test_lines_that_a_script_ends_otherwise_are_the_same_text(browser):
    for goal in ("Lire\r\nLettres", "Lire\nLettres "):
        browser.submit(f"{BOARD}/plan", **PLAN | {"goal": goal}, form_key="abc")
    assert db.session.query(Sprint).count() == 1


def test_what_is_sent_in_the_same_form_later_is_no_double_click(browser):
    """The back button shows the form with the same key, and the person types something else."""
    later = {"goal": "Autre chose", "starts_on": "2027-01-04", "ends_on": "2027-01-08"}
    for typed in (PLAN, PLAN | later, PLAN | later, PLAN):
        browser.submit(f"{BOARD}/plan", **typed, form_key="abc")
    goals = {sprint.goal for sprint in db.session.query(Sprint)}
    assert goals == {PLAN["goal"], "Autre chose"}
    assert db.session.query(Sprint).count() == 2


@pytest.mark.parametrize("digits", ["9" * 309, "-" + "9" * 4000])
def test_a_number_of_any_length_is_refused_beside_its_field(browser, digits):
    page = browser.submit(f"{BOARD}/plan", expect=422, **PLAN | {"capacity": digits})
    assert "entre 0 et" in words_of(page.select_one("#capacity-messages"))
    assert page.select_one("#capacity")["value"] == digits
    assert page.select_one("#goal")["value"] == PLAN["goal"]


def test_a_sprint_that_began_is_kept_and_the_page_says_nothing_else(project, browser):
    make.active_sprint(project)
    page = browser.submit(f"{BOARD}/1/drop", expect=403, form_key="d")
    assert page.select_one(".fr-alert--error")
    assert not page.select("#content form[action$='/drop']")
    assert page.find("a", string="Garder le sprint")["href"] == f"{BOARD}/1"


def test_a_goal_of_which_nothing_is_seen_is_none(browser):
    for goal in ("\u2060", "\u2800\u3164", "\u00ad \u034f", "\u115f\ufe0f"):
        page = browser.submit(f"{BOARD}/plan", expect=422, **PLAN | {"goal": goal})
        assert page.select_one("#goal-messages .fr-message--error")


def test_the_same_key_in_another_project_is_another_form(project, browser_for):
    other = make.project(slug="aigrette")
    person = make.role(project.id, Role.TEAM_MEMBER)
    make.role(other.id, Role.TEAM_MEMBER, person)
    browser = browser_for(person)
    for slug in ("heron", "aigrette"):
        browser.submit(f"/projects/{slug}/sprints/plan", **PLAN, form_key="abc")
    assert db.session.query(Sprint).count() == 2

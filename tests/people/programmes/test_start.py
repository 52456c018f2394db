"""The first steps of a new programme, and the link of an invitation."""

import pytest

from portal.platform.kernel.access import Role
from tests.support import factories as make
from tests.support.browser import words_of


@pytest.fixture
def programme(app):
    return make.programme(slug="ami")


@pytest.fixture
def lead(programme, browser_for):
    return browser_for(make.role(programme.id, Role.PROGRAMME_LEAD))


def states(page) -> list[str]:
    return [(line.get("class") or ["to do"])[0] for line in page.select(".tick > li")]


def test_a_lead_is_led_from_an_empty_programme_to_its_teams_and_coaches(programme, lead):
    page = lead.visit("/programmes/ami")
    assert states(page) == ["now", "to do", "to do"]
    paths = [button["href"] for button in page.select(".tick .fr-btn")]
    assert paths == ["/programmes/ami/projects/new", "/programmes/ami/projects/import"]
    make.project(programme)
    page = lead.visit("/programmes/ami")
    assert states(page) == ["done", "now", "to do"]
    button = page.select_one(".tick .fr-btn")
    assert words_of(button) == "Inviter les coachs"
    form = lead.visit(button["href"])
    assert form.select_one("[name=role] [selected]")["value"] == "coach"
    make.role(programme.id, Role.COACH)
    make.role(programme.id, Role.ETHICS_REVIEWER)
    assert not lead.visit("/programmes/ami").select_one(".tick")


@pytest.mark.parametrize("role", [Role.COACH, Role.OBSERVER])
def test_nobody_else_is_shown_the_steps(programme, browser_for, role):
    browser = browser_for(make.role(programme.id, role))
    if browser.open("/programmes/ami").status_code == 200:
        assert not browser.visit("/programmes/ami").select_one(".tick")


@pytest.mark.parametrize("asked", ["administrator", "x", ""])
def test_a_role_that_one_may_not_offer_is_not_chosen(programme, lead, asked):
    form = lead.visit(f"/programmes/ami?role={asked}")
    assert not form.select("[name=role] [selected]")


def test_the_link_of_an_invitation_is_text_with_a_button_that_copies_it(programme, lead):
    page = lead.submit("/programmes/ami/invitations", email="x@demo.example", role="coach")
    assert page.select_one("#link")["value"].startswith("http")
    assert page.select_one("[data-copies][hidden] [data-copy=link]")


def test_a_coach_is_invited_from_where_one_is_missed(programme, lead):
    project = make.project(programme)
    links = [link["href"] for link in lead.visit(f"/projects/{project.slug}/team").select("a.fr-btn")]
    assert "/programmes/ami?role=coach#invitations" in links

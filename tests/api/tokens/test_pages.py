"""Pages of tokens: an administrator finds everybody's, with whose they are and until when."""

from flask import Flask

from portal.people.accounts.models import Person
from portal.people.programmes.models import INSTALLATION
from portal.platform.kernel.access import Role
from portal.project.projects.models import Project
from tests.support import api
from tests.support import factories as make


def test_the_state_of_the_installation_leads_to_everybodys_tokens(
    app: Flask, project: Project, person: Person, browser_for
):
    api.token(person)
    desk = browser_for(make.role(INSTALLATION, Role.ADMINISTRATOR))
    link = desk.visit("/administration").find("a", href="/admin/tokens")
    assert link.get_text() == "Voir et retirer les jetons de tous"
    page = desk.visit(link["href"])
    assert page.find("a", href="/administration")
    (row,) = page.select("tbody tr")
    assert person.name in row.get_text()
    assert "partout où cette personne a un rôle" in row.get_text()
    assert row.select_one("time[datetime]")
    assert "partout où vous avez un rôle" in browser_for(person).visit("/profile/tokens").text


def test_a_new_token_and_a_calendars_link_are_copied_by_a_button(person: Person, browser_for):
    browser = browser_for(person)
    for address, values in (
        ("/profile/tokens", {"name": "Tableau", "days": "30", "form_key": "copied"}),
        ("/inbox/calendar", {}),
    ):
        assert browser.open(address, method="POST", data=values).status_code in {302, 303}
        page = browser.visit(address)
        field = page.main.select_one("input#shown-once[readonly]")
        assert len(field["value"]) > 20
        assert page.main.select_one("[data-copies][hidden] button[data-copy='shown-once']")

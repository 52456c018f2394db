import pytest
import sqlalchemy as sa

from portal.kernel.access import Role
from portal.kernel.db import db
from portal.programmes.models import INSTALLATION, RoleAssignment
from tests.support import factories as make


@pytest.fixture
def admin(app, browser_for):
    return browser_for(make.role(INSTALLATION, Role.ADMINISTRATOR))


def assignment_of(person) -> RoleAssignment:
    mine = sa.select(RoleAssignment).where(RoleAssignment.person_id == person.id)
    return db.session.scalars(mine).one()


def invite(browser):
    sent = {"email": "nour@demo.example", "role": "administrator"}
    return browser.submit("/administrators/invitations", **sent)


def test_administrators_are_administered_by_administrators_alone(admin, browser_for):
    lead = browser_for(make.role(make.programme().id, Role.PROGRAMME_LEAD))
    admin.visit("/administrators")
    lead.visit("/administrators", expect=404)
    lead.submit("/administrators/invitations", expect=404, email="a@b.example")
    assert invite(admin).select_one("#link")["value"]


def test_an_administrators_invitation_is_withdrawn(admin):
    invite(admin)
    withdraw = admin.visit("/administrators").select_one("form[action$='/withdraw']")["action"]
    assert "nour@demo.example" not in admin.submit(withdraw).text


def test_the_last_administrator_stays_and_is_told_why(browser_for):
    only = make.role(INSTALLATION, Role.ADMINISTRATOR)
    browser, url = browser_for(only), f"/administrators/roles/{assignment_of(only).id}/end"
    browser.visit(url)
    page = browser.submit(url, expect=422)
    assert "au moins une personne" in page.text
    make.role(INSTALLATION, Role.ADMINISTRATOR)
    browser.submit(url)
    browser.visit("/administrators", expect=404)

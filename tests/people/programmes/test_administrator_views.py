import pytest

from portal.people.programmes.models import INSTALLATION
from portal.platform.kernel.access import Role
from tests.support import factories as make


@pytest.fixture
def admin(app, browser_for):
    return browser_for(make.role(INSTALLATION, Role.ADMINISTRATOR))


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

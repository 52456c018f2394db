"""The list of programmes."""

from dataclasses import replace

from portal.people.programmes.models import INSTALLATION
from portal.platform.kernel.access import Role
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from tests.support import factories as make
from tests.support.browser import words_of


def test_a_lead_is_told_who_creates_programmes(app, browser_for, monkeypatch):
    lead = browser_for(make.role(make.programme().id, Role.PROGRAMME_LEAD))
    assert "Un programme est créé par un administrateur" in words_of(lead.visit("/programmes").main)
    settings = replace(get_service(Settings), contact_email="contact@portail.example")
    monkeypatch.setitem(app.extensions, Settings, settings)
    assert lead.visit("/programmes").main.find("a", href="mailto:contact@portail.example")
    admin = browser_for(make.role(INSTALLATION, Role.ADMINISTRATOR))
    assert "Un programme est créé par un administrateur" not in words_of(admin.visit("/programmes").main)
